/**
 * Bodies on their way in: bounded one by one and all together, with pictures taken out and put
 * aside while they are read. It knows nothing of what a body means. Read {@link
 * dev.moongate.http.body.BodyReader} first.
 */
@NullMarked
package dev.moongate.http.body;

import org.jspecify.annotations.NullMarked;
