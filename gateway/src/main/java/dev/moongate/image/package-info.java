/**
 * What is asked and what is made, as values: requests, sizes, palettes, boxes, input pictures,
 * stored pictures. No I/O but reading a picture's header, no JSON, no provider. Read {@link
 * dev.moongate.image.ImageRequest} first.
 */
@NullMarked
package dev.moongate.image;

import org.jspecify.annotations.NullMarked;
