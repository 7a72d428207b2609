/**
 * Pictures at rest and on their way: the store, signed links, the one class that downloads, base64
 * as a stream. Read {@link dev.moongate.store.ImageStore} first.
 */
@NullMarked
package dev.moongate.store;

import org.jspecify.annotations.NullMarked;
