/**
 * What a caller may ask of the sandbox, and the vendor's refusals: reads a request body and checks
 * it by the vendor's documented rules. Knows nothing of HTTP or tasks. Read {@link
 * dev.moongate.sandbox.ask.AskReader} first.
 */
@NullMarked
package dev.moongate.sandbox.ask;

import org.jspecify.annotations.NullMarked;
