package dev.moongate.auth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking, once a key was found good.
 *
 * @param organisation the only one for now
 * @param project generations and their pictures belong to it
 * @param keyId the key's own id, not the key
 * @param admin whether the key may administer the gateway
 * @param answerWithin how long its requests wait at most; null for the server's own limit
 */
public record Caller(
    String organisation,
    String project,
    String keyId,
    boolean admin,
    @Nullable Duration answerWithin) {}
