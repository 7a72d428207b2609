/**
 * The command line: serve, keys, try, sandbox. Part of the root: it may use every room. Read {@link
 * dev.moongate.cli.Moongate} first.
 */
@NullMarked
package dev.moongate.cli;

import org.jspecify.annotations.NullMarked;
