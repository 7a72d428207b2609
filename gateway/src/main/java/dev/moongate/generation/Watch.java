package dev.moongate.generation;

import java.time.Duration;

/**
 * Follows one generation step by step, for a request that is told each of them. Used by one thread;
 * to be closed.
 */
public final class Watch implements AutoCloseable {
  private final String id;
  private final GenerationRows rows;
  private final Waiters.Place place;

  Watch(String id, GenerationRows rows, Waiters waiters) {
    this.id = id;
    this.rows = rows;
    this.place = waiters.enterForSteps(id);
  }

  /**
   * The generation as it stands. A picture that is stored in it lies in the store for good, and its
   * caller will pay for it: what is left for the end is how many others come.
   *
   * @throws dev.moongate.error.GatewayException {@code not_found} if it was deleted
   */
  public Generation now() {
    return rows.find(id).orElseThrow(() -> GenerationService.gone(id));
  }

  /**
   * Returns when something has happened to it since the last call, or when {@code limit} has
   * passed.
   *
   * @throws dev.moongate.error.GatewayException {@code shutting_down}, naming the generation, when
   *     the gateway stops
   */
  public void await(Duration limit) throws InterruptedException {
    place.await(limit.toNanos());
  }

  @Override
  public void close() {
    place.close();
  }
}
