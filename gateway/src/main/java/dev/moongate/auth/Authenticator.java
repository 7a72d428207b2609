package dev.moongate.auth;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the credentials of a request into its caller. Missing, malformed and unknown keys get the
 * same answer, and a text that cannot be a key of ours never reaches the database.
 */
public final class Authenticator {
  private static final String SCHEME = "bearer ";

  private final Keys keys;
  private final InstantSource clock;
  private final SignInGuard guard;

  public Authenticator(Keys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
    this.guard = new SignInGuard(clock);
  }

  /**
   * The caller whose key the request carries.
   *
   * @param authorization every Authorization header of the request
   * @param apiKey the {@code api-key} header, which some clients send instead
   * @param address where the request comes from
   * @throws GatewayException {@code invalid_api_key} in every other case, or {@code
   *     too_many_wrong_keys} once there were too many from the address
   */
  public Caller authenticate(List<String> authorization, @Nullable String apiKey, String address) {
    Optional<Caller> caller =
        presented(authorization, apiKey)
            .flatMap(Key::parse)
            .flatMap(key -> keys.findActive(key.hash(), clock.instant()));
    boolean wrong = apiKey != null || !authorization.isEmpty();
    if (caller.isEmpty() && wrong) {
      guard.failed(address);
    }
    return caller.orElseThrow(() ->
        new GatewayException(
            ErrorCode.INVALID_API_KEY,
            "Missing or invalid API key: send the header 'Authorization: Bearer moongate_...'"));
  }

  private static Optional<String> presented(List<String> authorization, @Nullable String apiKey) {
    if (authorization.isEmpty()) {
      return Optional.ofNullable(apiKey);
    }
    String only = authorization.getFirst();
    if (authorization.size() > 1
        || apiKey != null
        || !only.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return Optional.of(only.substring(SCHEME.length()));
  }
}
