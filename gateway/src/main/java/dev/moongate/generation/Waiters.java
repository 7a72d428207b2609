package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The requests that wait for something to happen to a generation. Holds nothing that matters: a
 * waiter reads the row itself.
 */
public final class Waiters {
  private final ConcurrentHashMap<String, Set<Place>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A place in the waiting room for the end or a doubt, taken before the row is read so that no
   * change is missed.
   */
  Place enter(String generation) {
    return enter(generation, false);
  }

  /** The same, and for every step besides. */
  Place enterForSteps(String generation) {
    return enter(generation, true);
  }

  private Place enter(String generation, boolean steps) {
    Place place = new Place(generation, steps);
    waiting.compute(
        generation,
        (id, others) -> {
          Set<Place> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(place);
          return all;
        });
    return place;
  }

  /** The row of this generation has ended, or came into doubt. */
  void changed(String generation) {
    waiting.getOrDefault(generation, Set.of()).forEach(place -> place.changes.release());
  }

  /** It was begun, went back to its queue, or has one more picture in the store. */
  void stepped(String generation) {
    waiting.getOrDefault(generation, Set.of()).stream()
        .filter(place -> place.steps)
        .forEach(place -> place.changes.release());
  }

  /** Sends everybody away: the gateway stops. */
  public void close() {
    closed = true;
    waiting.values().forEach(places -> places.forEach(place -> place.changes.release()));
  }

  /** One waiting request. */
  final class Place implements AutoCloseable {
    private final String generation;
    private final boolean steps;
    private final Semaphore changes = new Semaphore(0);

    private Place(String generation, boolean steps) {
      this.generation = generation;
      this.steps = steps;
    }

    /** Returns when something has happened or the time is over. */
    void await(long nanos) throws InterruptedException {
      if (!closed && changes.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
        changes.drainPermits();
      }
      if (closed) {
        throw new GatewayException(
                ErrorCode.SHUTTING_DOWN,
                "Moongate is stopping; the generation goes on at its next start: ask GET"
                    + " /v1/images/generations/"
                    + generation)
            .of(generation);
      }
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          generation,
          (id, places) -> {
            places.remove(this);
            return places.isEmpty() ? null : places;
          });
    }
  }
}
