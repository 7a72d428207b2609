/**
 * Which account serves a generation, and when: the account's limits, window, pause and queue. Read
 * {@link dev.moongate.routing.Account} first.
 */
@NullMarked
package dev.moongate.routing;

import org.jspecify.annotations.NullMarked;
