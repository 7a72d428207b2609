/**
 * Everything Moongate may refuse with: one table of codes and one exception. It knows nothing of
 * HTTP beyond the status number. Read {@link dev.moongate.error.ErrorCode} first.
 */
@NullMarked
package dev.moongate.error;

import org.jspecify.annotations.NullMarked;
