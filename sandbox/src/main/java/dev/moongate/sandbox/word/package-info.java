/**
 * The test words: delays and faults that a prompt can ask for, such as {@code sandbox:delay=5s}.
 * Read {@link dev.moongate.sandbox.word.Words} first; docs/sandbox.md lists them all.
 */
@NullMarked
package dev.moongate.sandbox.word;

import org.jspecify.annotations.NullMarked;
