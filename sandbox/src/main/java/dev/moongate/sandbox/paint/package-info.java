/**
 * Draws the pictures, band by band, without fonts and in little memory. Read {@link
 * dev.moongate.sandbox.paint.Painter} first.
 */
@NullMarked
package dev.moongate.sandbox.paint;

import org.jspecify.annotations.NullMarked;
