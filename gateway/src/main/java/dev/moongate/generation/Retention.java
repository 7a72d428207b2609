package dev.moongate.generation;

import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what nobody may keep: prompts and pictures past their time, files that no row names
 * any more. The row goes first, so that a death in between leaves a file too many and never a link
 * to nothing.
 */
public final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final int BATCH = 200;

  /** Nothing waits longer than in the queue; a day more is for doubts. */
  private static final Duration INPUTS_OUTLIVE_THE_QUEUE_BY = Duration.ofDays(1);

  private final KeptGenerations kept;
  private final ImageStore store;
  private final InputPictures inputs;
  private final InstantSource clock;
  private final GenerationSettings settings;
  private final CountDownLatch closed = new CountDownLatch(1);

  public Retention(
      KeptGenerations kept, ImageStore store, InstantSource clock, GenerationSettings settings) {
    this.kept = kept;
    this.store = store;
    this.inputs = new InputPictures(store);
    this.clock = clock;
    this.settings = settings;
  }

  /** Sweeps now and every ten minutes, until closed. */
  public void start() {
    Thread.ofVirtual()
        .name("retention")
        .start(() -> {
          try {
            do {
              sweep();
            } while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** One sweep; what fails is taken up by the next. */
  public void sweep() {
    try {
      Instant now = clock.instant();
      List<String> old;
      do {
        old = kept.olderThan(now.minus(settings.keepFor()), BATCH);
        old.forEach(id -> kept.remove(id, now));
      } while (old.size() == BATCH);
      while (removeFiles() == BATCH) {
        LOG.debug("more removed pictures");
      }
      kept.forgetKeys(now);
      inputs.sweep(now.minus(settings.queueFor()).minus(INPUTS_OUTLIVE_THE_QUEUE_BY));
    } catch (IOException | RuntimeException e) {
      LOG.error("what is past its time could not be removed; the next sweep tries again", e);
    }
  }

  /** One generation that has ended; its files go at once if they can. */
  void remove(Generation ended) {
    inputs.remove(ended);
    kept.remove(ended.id(), clock.instant());
    try {
      removeFiles();
    } catch (IOException e) {
      LOG.warn("files of generation {} remain until the next sweep", ended.id(), e);
    }
  }

  private int removeFiles() throws IOException {
    List<String> removed = kept.removedPictures(BATCH);
    for (String key : removed) {
      store.delete(key);
      kept.pictureGone(key);
    }
    return removed.size();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
