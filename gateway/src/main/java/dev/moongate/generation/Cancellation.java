package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ends a generation on request, while that costs nobody anything. */
final class Cancellation {
  /** A submit that is under way is waited for: then it is known what can be cancelled. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(10);

  /** Who asks second is answered by what the first one did, and not by the provider's refusal. */
  private final List<Lock> oneAtATime =
      Stream.<Lock>generate(ReentrantLock::new).limit(64).toList();

  private final GenerationRows rows;
  private final Engine engine;

  Cancellation(GenerationRows rows, Engine engine) {
    this.rows = rows;
    this.engine = engine;
  }

  Generation cancel(String id) throws InterruptedException {
    long end = System.nanoTime() + UNDER_WAY.toNanos();
    Lock lock = oneAtATime.get(Math.floorMod(id.hashCode(), oneAtATime.size()));
    if (!lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      Generation seen = require(id);
      if (seen.state() == State.CANCELLED) {
        return seen;
      }
      throw refused(seen, "others are being cancelled, and that takes long");
    }
    try {
      return cancelAlone(id, end);
    } finally {
      lock.unlock();
    }
  }

  private Generation require(String id) {
    return rows.find(id).orElseThrow(() -> GenerationService.gone(id));
  }

  private Generation cancelAlone(String id, long end) throws InterruptedException {
    // What the provider has dropped it refuses to drop once more.
    String dropped = null;
    while (true) {
      Generation seen = require(id);
      switch (seen.state()) {
        case CANCELLED -> {
          return seen;
        }
        case ADMITTED -> {
          if (engine.endings().cancel(seen, null)) {
            return require(id);
          }
        }
        case DISPATCHING -> {
          if (System.nanoTime() > end) {
            throw refused(seen, "it is being submitted to its provider");
          }
          pause(id);
        }
        case SUBMITTED -> {
          if (!Objects.equals(seen.task(), dropped) && !tryAtProvider(seen)) {
            throw refused(seen, "its provider works on it already");
          }
          dropped = seen.task();
          if (engine.endings().cancel(seen, AttemptOutcome.CANCELLED)) {
            return require(id);
          }
        }
        case UNCERTAIN -> throw refused(seen, "nobody knows yet whether its provider has it");
        case FETCHING -> throw refused(seen, "its pictures are made already");
        case SUCCEEDED, FAILED, LOST, UNRESOLVED ->
            throw refused(seen, "it has ended already: " + seen.state().status());
      }
    }
  }

  private boolean tryAtProvider(Generation seen) {
    @Nullable String task = seen.task();
    if (task == null) {
      return false;
    }
    AccountLane lane = engine.routes().lane(seen.account()).orElse(null);
    if (lane == null) {
      return false;
    }
    ImageProvider api = lane.account().api();
    return api.tryCancel(task, lane.keyOf(seen.taskKey()));
  }

  private void pause(String id) throws InterruptedException {
    try (Waiters.Place place = engine.waiters().enter(id)) {
      place.await(Duration.ofMillis(50).toNanos());
    }
  }

  private static GatewayException refused(Generation seen, String reason) {
    return new GatewayException(
            ErrorCode.CANNOT_CANCEL, "The generation cannot be cancelled: " + reason)
        .of(seen.id());
  }
}
