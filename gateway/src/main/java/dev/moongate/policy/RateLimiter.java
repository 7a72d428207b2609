package dev.moongate.policy;

import dev.moongate.auth.Caller;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.ClockMeter;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests and pictures a minute, of a key and of its project. Kept in memory: a restart fills the
 * buckets, which costs nobody money. Safe for several threads.
 */
public final class RateLimiter {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final TimeMeter meter;
  private final Map<Counted, Bucket> buckets = new ConcurrentHashMap<>();

  public RateLimiter(InstantSource clock) {
    this.meter = new ClockMeter(clock);
  }

  /** What is counted. */
  public enum Unit {
    REQUESTS("requests"),
    IMAGES("images");

    private final String wireName;

    Unit(String wireName) {
      this.wireName = wireName;
    }

    /** As it stands in header names. */
    public String wireName() {
      return wireName;
    }
  }

  /** The bucket's name; a changed limit makes another bucket, which begins full. */
  private record Counted(String owner, Unit unit, long limit) {}

  /**
   * How a limit stands.
   *
   * @param remaining how many more may be asked for at once
   * @param reset until all of them may
   */
  public record Standing(Unit unit, long limit, long remaining, Duration reset) {}

  /**
   * Takes one request and its pictures from all limits of the caller, or from none.
   *
   * @throws GatewayException {@code rate_limit_exceeded} if one of them has too little left, {@code
   *     invalid_value} if it never has enough
   */
  public void take(Caller caller, int images) {
    List<Counted> taken = new ArrayList<>();
    for (Counted counted : counted(caller)) {
      long cost = counted.unit() == Unit.IMAGES ? images : 1;
      Optional<GatewayException> refusal = refusal(counted, cost);
      if (refusal.isPresent()) {
        taken.forEach(
            before -> bucket(before).addTokens(before.unit() == Unit.IMAGES ? images : 1));
        throw refusal.orElseThrow();
      }
      taken.add(counted);
    }
  }

  /**
   * Whether {@link #take} would succeed; takes nothing.
   *
   * @throws GatewayException as it does
   */
  public void require(Caller caller, int images) {
    for (Counted counted : counted(caller)) {
      long cost = counted.unit() == Unit.IMAGES ? images : 1;
      if (cost > counted.limit() || bucket(counted).getAvailableTokens() < cost) {
        // The words of the refusal are those of the attempt, which fails and takes nothing.
        refusal(counted, cost)
            .ifPresent(refusal -> {
              throw refusal;
            });
      }
    }
  }

  /** Gives the pictures of a request back that was refused afterwards. */
  public void giveBack(Caller caller, int images) {
    counted(caller).stream()
        .filter(counted -> counted.unit() == Unit.IMAGES)
        .forEach(counted -> bucket(counted).addTokens(images));
  }

  /** How the caller's tightest limit of each unit stands; nothing for a unit without limit. */
  public List<Standing> standing(Caller caller) {
    List<Standing> all = new ArrayList<>();
    for (Unit unit : Unit.values()) {
      counted(caller).stream()
          .filter(counted -> counted.unit() == unit)
          .map(this::standing)
          .min((a, b) -> Long.compare(a.remaining(), b.remaining()))
          .ifPresent(all::add);
    }
    return all;
  }

  private Standing standing(Counted counted) {
    long remaining = Math.max(0, bucket(counted).getAvailableTokens());
    long missing = counted.limit() - remaining;
    Duration reset =
        counted.limit() == 0 ? MINUTE : MINUTE.multipliedBy(missing).dividedBy(counted.limit());
    return new Standing(counted.unit(), counted.limit(), remaining, reset);
  }

  private Optional<GatewayException> refusal(Counted counted, long cost) {
    String whose = counted.owner().startsWith("key ") ? "This key" : "This project";
    String unit = counted.unit().wireName();
    if (cost > counted.limit() && counted.limit() > 0) {
      return Optional.of(
          new GatewayException(
              ErrorCode.INVALID_VALUE,
              "n",
              "%s may ask for %d %s a minute; n is %d"
                  .formatted(whose, counted.limit(), unit, cost)));
    }
    if (counted.limit() == 0) {
      return Optional.of(refused(whose, counted, MINUTE));
    }
    var probe = bucket(counted).tryConsumeAndReturnRemaining(cost);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(refused(whose, counted, Duration.ofNanos(probe.getNanosToWaitForRefill())));
  }

  private static GatewayException refused(String whose, Counted counted, Duration wait) {
    return new GatewayException(
            ErrorCode.RATE_LIMIT_EXCEEDED,
            "%s may ask for %d %s a minute; nothing was started or charged"
                .formatted(whose, counted.limit(), counted.unit().wireName()))
        .after(wait);
  }

  private static List<Counted> counted(Caller caller) {
    List<Counted> all = new ArrayList<>();
    add(all, "key " + caller.keyId(), caller.terms().limits());
    add(all, "project " + caller.project(), caller.projectLimits());
    return all;
  }

  private static void add(List<Counted> all, String owner, CallerLimits limits) {
    add(all, owner, Unit.REQUESTS, limits.requestsPerMinute());
    add(all, owner, Unit.IMAGES, limits.imagesPerMinute());
  }

  private static void add(List<Counted> all, String owner, Unit unit, @Nullable Long limit) {
    if (limit != null) {
      all.add(new Counted(owner, unit, limit));
    }
  }

  private Bucket bucket(Counted counted) {
    return buckets.computeIfAbsent(
        counted,
        c ->
            Bucket.builder()
                .addLimit(limit ->
                    limit
                        .capacity(Math.max(1, c.limit()))
                        .refillGreedy(Math.max(1, c.limit()), MINUTE))
                .withCustomTimePrecision(meter)
                .build());
  }
}
