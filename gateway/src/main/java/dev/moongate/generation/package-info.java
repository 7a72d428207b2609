/**
 * A generation's life, from admission to its end: states, the driver that submits and polls, the
 * collector that brings pictures home and settles. It must not know HTTP or SQL. Read {@link
 * dev.moongate.generation.Generation} and {@link dev.moongate.generation.Generations} first.
 */
@NullMarked
package dev.moongate.generation;

import org.jspecify.annotations.NullMarked;
