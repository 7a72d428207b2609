/**
 * Whether a caller may: holds, charges and releases, and the ledger they are written in. It calls
 * no provider. Read {@link dev.moongate.policy.Admission} first.
 */
@NullMarked
package dev.moongate.policy;

import org.jspecify.annotations.NullMarked;
