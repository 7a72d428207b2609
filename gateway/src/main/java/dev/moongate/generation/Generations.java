package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.image.ImageRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * What a request may do with generations. Implemented by {@link GenerationService}; http depends on
 * this only.
 */
public interface Generations {
  /**
   * Admits a request: when this returns, the generation and its hold are on disk and it will run
   * whatever becomes of the caller.
   *
   * @throws dev.moongate.error.GatewayException if it is refused; then nothing is kept
   */
  Generation submit(Caller caller, ImageRequest request);

  /**
   * Waits until a generation has ended, or until {@code limit} has passed; answers its state then.
   *
   * @throws dev.moongate.error.GatewayException {@code shutting_down}, naming the generation, when
   *     the gateway stops
   */
  Generation await(String id, Duration limit) throws InterruptedException;

  /** A generation of the caller's own project. */
  Optional<Generation> find(Caller caller, String id);
}
