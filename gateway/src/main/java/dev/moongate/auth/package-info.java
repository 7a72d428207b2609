/**
 * Who is asking: keys, their hashes, and the caller that a Bearer header turns into. It never logs
 * or returns a key. Read {@link dev.moongate.auth.Authenticator} first.
 */
@NullMarked
package dev.moongate.auth;

import org.jspecify.annotations.NullMarked;
