/**
 * Alibaba's DashScope: writes its requests, reads its answers, and knows what each of its error
 * codes means. Facts are from the vendor's pages as listed in docs/providers/dashscope.md. Read
 * {@link dev.moongate.provider.dashscope.DashScopeProvider} first.
 */
@NullMarked
package dev.moongate.provider.dashscope;

import org.jspecify.annotations.NullMarked;
