/**
 * The catalogue: which models there are, what each parameter may be, and the price. Models are data
 * (models.yaml); validation against them happens here, before any money. Read {@link
 * dev.moongate.model.Catalogue} first.
 */
@NullMarked
package dev.moongate.model;

import org.jspecify.annotations.NullMarked;
