package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.StoredImage;
import dev.moongate.policy.RateLimiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a request may do with generations. Implemented by {@link GenerationService}; http depends on
 * this only.
 */
public interface Generations {
  /**
   * Admits a request, or finds the generation that it means: when this returns, the generation and
   * its hold are on disk and it will run whatever becomes of the caller.
   *
   * @throws dev.moongate.error.GatewayException if it is refused; then nothing is kept
   */
  Admitted submit(Caller caller, ImageRequest request, Inputs inputs, Resend resend);

  /** The input pictures that came with a request as bytes. */
  interface Inputs {
    /**
     * Puts them into the store.
     *
     * @param keyBySha256 what each is called there
     */
    void keep(UnaryOperator<String> keyBySha256);
  }

  /**
   * What {@link #submit} would do; nothing is written or sent.
   *
   * @throws dev.moongate.error.GatewayException if the model may not be used at all
   */
  DryRun dryRun(Caller caller, ImageRequest request);

  /**
   * Waits until a generation has ended, or until {@code limit} has passed; answers its state then.
   * One whose submit is in doubt is waited for a minute at most.
   *
   * @throws dev.moongate.error.GatewayException {@code shutting_down}, naming the generation, when
   *     the gateway stops; {@code not_found} if it was deleted
   */
  Generation await(String id, Duration limit) throws InterruptedException;

  /** Follows a generation until it is closed. */
  Watch watch(String id);

  /** A generation of the caller's own project. */
  Optional<Generation> find(Caller caller, String id);

  /** A stored picture of the caller's own project, by its public id. */
  Optional<StoredImage> findPicture(Caller caller, String imageId);

  /** The caller's project's generations, newest first. */
  List<Generation> list(Caller caller, KeptGenerations.Query query);

  /** How many of them a query means, whatever part of them it lists. */
  int count(Caller caller, KeptGenerations.Query query);

  /**
   * Cancels a generation that has not begun, here or at its provider.
   *
   * @throws dev.moongate.error.GatewayException {@code cannot_cancel} if it runs or has ended
   */
  Generation cancel(Caller caller, String id) throws InterruptedException;

  /**
   * Takes prompt and pictures from a generation that has ended.
   *
   * @throws dev.moongate.error.GatewayException {@code not_ended} if it has not
   */
  void delete(Caller caller, String id);

  /** How the caller's limits of requests and images a minute stand. */
  List<RateLimiter.Standing> rates(Caller caller);

  /**
   * Bytes of the store that are free for input pictures: beside what the pictures of all that is
   * admitted may need.
   */
  long roomForInputs();

  /** Where it stands in its queue; empty if it does not wait. */
  Optional<QueuePlace> place(Generation generation);
}
