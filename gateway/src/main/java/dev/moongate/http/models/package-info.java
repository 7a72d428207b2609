/** The models endpoints. */
@NullMarked
package dev.moongate.http.models;

import org.jspecify.annotations.NullMarked;
