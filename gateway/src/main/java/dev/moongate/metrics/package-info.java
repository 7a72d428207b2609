/**
 * What is counted for those who run the gateway. No label holds anything that callers choose. Read
 * {@link dev.moongate.metrics.Meters} first.
 */
@NullMarked
package dev.moongate.metrics;

import org.jspecify.annotations.NullMarked;
