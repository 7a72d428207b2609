/**
 * The root: arguments to settings to {@link dev.moongate.Gateway}, which makes every object that
 * crosses rooms and knows the order in which they start and stop.
 */
@NullMarked
package dev.moongate;

import org.jspecify.annotations.NullMarked;
