/**
 * The HTTP face: DashScope's calls and the picture links. Read {@link
 * dev.moongate.sandbox.http.Face} first.
 */
@NullMarked
package dev.moongate.sandbox.http;

import org.jspecify.annotations.NullMarked;
