package dev.moongate.generation;

import dev.moongate.error.GatewayException;
import dev.moongate.model.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request, had it been sent in earnest; nothing was written or sent.
 *
 * @param account that it would wait for
 * @param address method and URL of the provider's call
 * @param body the provider's request body, with input pictures shortened
 * @param hold what would be set aside, at most what would be charged
 * @param queueWait how long it would wait for its turn, going by the last ones
 * @param refusal why it would be refused; null if it would be let in
 */
public record DryRun(
    String account,
    String address,
    String body,
    Money unitPrice,
    Money hold,
    Duration queueWait,
    @Nullable GatewayException refusal) {}
