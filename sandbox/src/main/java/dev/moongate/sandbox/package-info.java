/**
 * The built-in upstream: speaks DashScope's wire format over real HTTP and draws its own pictures.
 * It shares no code with the gateway, so that a mistake in one is seen by the other.
 */
@NullMarked
package dev.moongate.sandbox;

import org.jspecify.annotations.NullMarked;
