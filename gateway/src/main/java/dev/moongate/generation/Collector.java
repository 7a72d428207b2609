package dev.moongate.generation;

import dev.moongate.generation.Generation.Picture;
import dev.moongate.image.StoredImage;
import dev.moongate.provider.ProviderOutcome;
import dev.moongate.routing.AccountLane;
import dev.moongate.store.FetchOutcome;
import dev.moongate.store.FetchRules;
import dev.moongate.store.ImageFetcher;
import dev.moongate.store.ImageIds;
import dev.moongate.store.ImageStore;
import dev.moongate.store.KeptCopies;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a generation's pictures home and settles it. Each pass fetches what is not stored yet;
 * what fails is tried again at a later pass, by the same row. A link is given up after three
 * failures within 30 seconds, and again three with the links of a fresh poll.
 */
final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  private static final List<Duration> AFTER_BROKEN =
      List.of(Duration.ofSeconds(2), Duration.ofSeconds(5));

  /** Past the life of the links. */
  private static final int LAST_TRIES = 3;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final GenerationRows rows;
  private final Endings endings;
  private final Waiters waiters;
  private final ImageStore store;
  private final ImageFetcher fetcher;
  private final ImageIds ids;
  private final InstantSource clock;
  private final ExecutorService threads;
  private final GenerationSettings settings;
  private final Semaphore downloads = new Semaphore(16);
  private final ConcurrentHashMap<String, Tries> tries = new ConcurrentHashMap<>();

  Collector(
      GenerationRows rows,
      Endings endings,
      Waiters waiters,
      ImageStore store,
      ImageFetcher fetcher,
      ImageIds ids,
      InstantSource clock,
      ExecutorService threads,
      GenerationSettings settings) {
    this.rows = rows;
    this.endings = endings;
    this.waiters = waiters;
    this.store = store;
    this.fetcher = fetcher;
    this.ids = ids;
    this.clock = clock;
    this.threads = threads;
    this.settings = settings;
  }

  /**
   * How a generation's links have fared in this process; a restart begins anew, which only adds
   * tries.
   */
  private static final class Tries {
    private int broken;
    private int unanswered;
    private boolean relinked;
  }

  /** One pass over a generation in FETCHING. */
  void collect(Generation seen, AccountLane lane) {
    Tries history = tries.computeIfAbsent(seen.id(), id -> new Tries());
    List<Pass> passes = pass(seen, lane);
    int stored = Collections.frequency(passes, Pass.STORED);
    boolean broken = passes.contains(Pass.BROKEN);
    boolean unanswered = passes.contains(Pass.UNANSWERED);
    Instant now = clock.instant();
    boolean complete = stored == seen.pictures().size();
    boolean expired = now.isAfter(submittedAt(seen).plus(settings.linkLife()));
    // What was made late, or has no answer at the moment, may be had for a while longer.
    boolean hopeless = expired && (broken || history.unanswered >= LAST_TRIES);
    if (complete || hopeless) {
      settle(seen, stored);
    } else if (broken) {
      broken(seen, lane, history, stored, unanswered, now);
    } else {
      postpone(seen, now, Duration.ofSeconds(2L << Math.min(history.unanswered++, 5)));
    }
  }

  private void broken(
      Generation seen, AccountLane lane, Tries history, int stored, boolean others, Instant now) {
    if (history.broken < AFTER_BROKEN.size()) {
      postpone(seen, now, AFTER_BROKEN.get(history.broken++));
      return;
    }
    String task = seen.task();
    if (!history.relinked && task != null) {
      switch (lane.account().api().poll(task, lane.keyOf(seen.taskKey()))) {
        case ProviderOutcome.Succeeded succeeded -> {
          history.relinked = true;
          history.broken = 0;
          rows.relinked(seen, succeeded.links(), now);
          return;
        }
        case ProviderOutcome.Unanswered unanswered -> {
          postpone(seen, now, Duration.ofSeconds(5));
          return;
        }
        default -> LOG.warn("the provider has no new links for generation {}", seen.id());
      }
    }
    if (others) {
      postpone(seen, now, LONGEST_WAIT);
    } else {
      settle(seen, stored);
    }
  }

  private void settle(Generation seen, int stored) {
    tries.remove(seen.id());
    endings.settle(seen, stored, seen.pictures().size() - stored);
  }

  private void postpone(Generation seen, Instant now, Duration wait) {
    Duration capped = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    rows.postpone(seen, now.plus(capped));
  }

  /**
   * All pictures that are not stored, side by side; the order of the answer is the order of the
   * pictures.
   */
  private List<Pass> pass(Generation seen, AccountLane lane) {
    List<Future<Pass>> running = new ArrayList<>();
    for (Picture picture : seen.pictures()) {
      running.add(
          picture.stored() != null
              ? CompletableFuture.completedFuture(Pass.STORED)
              : threads.submit(() -> fetch(seen, picture, lane)));
    }
    List<Pass> passes = new ArrayList<>();
    for (Future<Pass> future : running) {
      try {
        passes.add(future.get());
      } catch (ExecutionException e) {
        LOG.error("a picture of {} could not be fetched", seen.id(), e.getCause());
        passes.add(Pass.UNANSWERED);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        passes.add(Pass.UNANSWERED);
      }
    }
    return passes;
  }

  private Pass fetch(Generation seen, Picture picture, AccountLane lane) {
    downloads.acquireUninterruptibly();
    try (ImageStore.Sink sink = store.newSink()) {
      Optional<KeptCopies.Copy> copy = KeptCopies.find(store, seen.id(), picture.index());
      if (copy.isPresent()) {
        LOG.info("picture {} of {} was in the store already", picture.index(), seen.id());
        stored(seen, picture, copy.orElseThrow().picture(), copy.orElseThrow().storageKey());
        return Pass.STORED;
      }
      FetchRules rules = FetchRules.of(lane.account().imageHosts(), lane.account().secure());
      FetchOutcome outcome = fetcher.fetch(Objects.requireNonNull(picture.link()), rules, sink);
      return switch (outcome) {
        case FetchOutcome.Fetched fetched -> {
          String key = KeptCopies.key(seen.id(), picture.index(), fetched);
          sink.commit(key);
          stored(seen, picture, fetched, key);
          yield Pass.STORED;
        }
        case FetchOutcome.Gone gone -> {
          LOG.warn("picture {} of {}: {}", picture.index(), seen.id(), gone.reason());
          yield Pass.BROKEN;
        }
        case FetchOutcome.Broken broken -> {
          LOG.warn("picture {} of {}: {}", picture.index(), seen.id(), broken.reason());
          yield Pass.BROKEN;
        }
        case FetchOutcome.Retry retry -> {
          LOG.info("picture {} of {}: {}", picture.index(), seen.id(), retry.reason());
          yield Pass.UNANSWERED;
        }
      };
    } catch (IOException e) {
      LOG.error("picture {} of {} could not be stored", picture.index(), seen.id(), e);
      return Pass.UNANSWERED;
    } finally {
      downloads.release();
    }
  }

  private void stored(Generation seen, Picture picture, FetchOutcome.Fetched fetched, String key) {
    StoredImage image =
        new StoredImage(
            ids.next(),
            fetched.sha256(),
            fetched.bytes(),
            fetched.format(),
            fetched.width(),
            fetched.height(),
            key);
    rows.pictureStored(seen.id(), picture.index(), image, clock.instant());
    waiters.stepped(seen.id());
  }

  private static Instant submittedAt(Generation seen) {
    Instant at = seen.submittedAt();
    return at == null ? seen.createdAt() : at;
  }

  /** What one pass made of one picture. */
  private enum Pass {
    STORED,
    BROKEN,
    UNANSWERED
  }
}
