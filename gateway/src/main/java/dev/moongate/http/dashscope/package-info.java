/**
 * The DashScope-native face: the vendor's own addresses, bodies, task states and errors, in front
 * of the same generations as {@code /v1}. It parses and shows; admission, queue, store and ledger
 * know nothing of it. Read {@link dev.moongate.http.dashscope.DashScopeRoutes} first.
 */
@NullMarked
package dev.moongate.http.dashscope;

import org.jspecify.annotations.NullMarked;
