package dev.moongate.auth;

import dev.moongate.image.ResponseFormat;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key may do, and what holds for its requests where they do not say.
 *
 * @param models the public names it may use; null for all
 * @param weight its share of its project's turns in a queue, 1 to 1000
 * @param responseFormat where a request names none; null for {@code url}
 * @param answerWithin how long its requests wait at most; null for the server's own limit
 * @param linkLife how long its links live; null for the server's own
 * @param lenient whether more members of other APIs are ignored with a warning
 */
public record KeyTerms(
    Role role,
    @Nullable Set<String> models,
    CallerLimits limits,
    int weight,
    @Nullable ResponseFormat responseFormat,
    @Nullable Duration answerWithin,
    @Nullable Duration linkLife,
    boolean lenient) {
  /** The heaviest that a key or a project may be. */
  public static final int HEAVIEST = 1000;

  /** The longest that any request waits. */
  public static final Duration LONGEST_ANSWER = Duration.ofSeconds(280);

  /** The longest that any link lives. */
  public static final Duration LONGEST_LINK = Duration.ofDays(365);

  public KeyTerms {
    models = models == null ? null : Set.copyOf(models);
    if (weight < 1 || weight > HEAVIEST) {
      throw new IllegalArgumentException("weight " + weight);
    }
  }

  /** Everything a role may, without limits. */
  public static KeyTerms of(Role role) {
    return new KeyTerms(role, null, CallerLimits.NONE, 1, null, null, null, false);
  }

  /** The same with another longest wait. */
  public KeyTerms answeringWithin(@Nullable Duration limit) {
    return new KeyTerms(role, models, limits, weight, responseFormat, limit, linkLife, lenient);
  }

  /** How long its requests wait, where the server lets them wait {@code limit}. */
  public Duration answerWithin(Duration limit) {
    return answerWithin == null || answerWithin.compareTo(limit) > 0 ? limit : answerWithin;
  }

  /** Whether the key may use a model. */
  public boolean allows(String model) {
    return models == null || models.contains(model);
  }
}
