package dev.moongate.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a provider's list of tasks.
 *
 * @param apiKeyId the provider's name of the key that made it
 * @param requestId the request id of the submit
 * @param created when the provider took it in, by its clock
 */
public record ListedTask(
    String taskId,
    String status,
    @Nullable String model,
    @Nullable String apiKeyId,
    @Nullable String requestId,
    @Nullable Instant created) {}
