/**
 * The HTTP server: filters in one order, one error boundary, strict JSON. Handlers live in the
 * packages below. Read {@link dev.moongate.http.Server} first.
 */
@NullMarked
package dev.moongate.http;

import org.jspecify.annotations.NullMarked;
