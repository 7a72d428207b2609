package dev.moongate.http.images;

import dev.moongate.image.ImageRequest;

/**
 * What the body of a POST says: what is asked for, and whether the pictures are to come as events.
 */
record Posted(ImageRequest request, boolean stream) {}
