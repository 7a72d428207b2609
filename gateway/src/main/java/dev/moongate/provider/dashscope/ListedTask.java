package dev.moongate.provider.dashscope;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of the vendor's list of tasks.
 *
 * @param apiKeyId the vendor's name of the key that made it
 * @param requestId the request id of the submit
 * @param created when the vendor took it in
 */
public record ListedTask(
    String taskId,
    String status,
    @Nullable String model,
    @Nullable String apiKeyId,
    @Nullable String requestId,
    @Nullable Instant created) {}
