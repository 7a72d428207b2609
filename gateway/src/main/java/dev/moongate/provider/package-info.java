/**
 * How to talk to a company's image API, and the guard in front of every address. Provider JSON does
 * not leave an adapter. Read {@link dev.moongate.provider.ImageProvider} and {@link
 * dev.moongate.provider.ProviderOutcome} first.
 */
@NullMarked
package dev.moongate.provider;

import org.jspecify.annotations.NullMarked;
