package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The requests that wait for a generation to end. Holds nothing that matters: a waiter reads the
 * row itself.
 */
public final class Waiters {
  private final ConcurrentHashMap<String, Set<Place>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A place in the waiting room, taken before the row is read so that no ending is missed. */
  Place enter(String generation) {
    Place place = new Place(generation);
    waiting.compute(
        generation,
        (id, others) -> {
          Set<Place> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(place);
          return all;
        });
    if (closed) {
      place.future.complete(false);
    }
    return place;
  }

  /** The row of this generation is terminal now. */
  void ended(String generation) {
    waiting.getOrDefault(generation, Set.of()).forEach(place -> place.future.complete(true));
  }

  /** Sends everybody away: the gateway stops. */
  public void close() {
    closed = true;
    waiting.values().forEach(places -> places.forEach(place -> place.future.complete(false)));
  }

  /** One waiting request. */
  final class Place implements AutoCloseable {
    private final String generation;
    private final CompletableFuture<Boolean> future = new CompletableFuture<>();

    private Place(String generation) {
      this.generation = generation;
    }

    /** Returns when the generation has ended or the time is over. */
    void await(Duration limit) throws InterruptedException {
      try {
        if (!future.get(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS)) {
          throw new GatewayException(
                  ErrorCode.SHUTTING_DOWN,
                  "Moongate is stopping; the generation goes on at its next start: ask GET"
                      + " /v1/images/generations/"
                      + generation)
              .of(generation);
        }
      } catch (TimeoutException e) {
        // The caller reads the row and says how far it is.
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
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
