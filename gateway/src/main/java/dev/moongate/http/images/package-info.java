/**
 * The images endpoints: parsing of bodies, handlers, wire records of the answers, the stored
 * picture itself.
 */
@NullMarked
package dev.moongate.http.images;

import org.jspecify.annotations.NullMarked;
