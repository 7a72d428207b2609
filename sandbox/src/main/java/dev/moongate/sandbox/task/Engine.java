package dev.moongate.sandbox.task;

import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Words;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What leads tasks on: a timer and every look at a task move it to where the clock says it is, and
 * its pictures are painted meanwhile. All methods may be called by any thread.
 */
final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Clock clock;
  private final TaskLog log;
  private final Journal journal;
  private final Pictures pictures;
  private final ScheduledExecutorService timer;
  private final Runnable atEnd;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ExecutorService painters =
      Executors.newFixedThreadPool(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
          Thread.ofPlatform().daemon().name("sandbox-painter-", 0).factory());

  /**
   * @param timer closed with the engine
   * @param atEnd called once for every task that ends
   */
  Engine(
      Clock clock,
      TaskLog log,
      Journal journal,
      Pictures pictures,
      ScheduledExecutorService timer,
      Runnable atEnd) {
    this.clock = clock;
    this.log = log;
    this.journal = journal;
    this.pictures = pictures;
    this.timer = timer;
    this.atEnd = atEnd;
  }

  void advance(LiveTask live) {
    if (closed.get()) {
      return;
    }
    live.lock.lock();
    try {
      Instant now = clock.instant();
      if (live.task().status() == Status.PENDING && !now.isBefore(live.task().starts())) {
        live.become(live.task().running(now));
        log.write(live.task());
      }
      if (live.task().status() == Status.RUNNING) {
        paintOnce(live);
        if (live.painted && !now.isBefore(live.task().due())) {
          end(live, lastStatus(live.words()));
        }
      }
      if (!live.task().status().ended()) {
        lookAgain(live, now);
      }
    } finally {
      live.lock.unlock();
    }
  }

  /** Cancels the task if it is still pending, and says whether it did. */
  boolean tryCancel(LiveTask live) {
    advance(live);
    live.lock.lock();
    try {
      if (live.task().status() != Status.PENDING) {
        return false;
      }
      end(live, Status.CANCELED);
      return true;
    } finally {
      live.lock.unlock();
    }
  }

  private static Status lastStatus(Words words) {
    return words.has(KnownWord.TASK_FAIL)
        ? Status.FAILED
        : words.has(KnownWord.TASK_CANCEL) ? Status.CANCELED : Status.SUCCEEDED;
  }

  private void end(LiveTask live, Status as) {
    live.become(live.task().ended(as, clock.instant()));
    log.write(live.task());
    journal.ended(live.task());
    atEnd.run();
    live.end.complete(live.task());
  }

  private void paintOnce(LiveTask live) {
    if (live.painting) {
      return;
    }
    live.painting = true;
    if (lastStatus(live.words()) != Status.SUCCEEDED) {
      live.painted = true;
      return;
    }
    painters.execute(() -> paint(live));
  }

  private void paint(LiveTask live) {
    if (closed.get()) {
      return;
    }
    try {
      pictures.paint(live.task());
      live.lock.lock();
      try {
        live.painted = true;
      } finally {
        live.lock.unlock();
      }
      advance(live);
    } catch (IOException | RuntimeException e) {
      LOG.error("sandbox could not draw the pictures of task {}", live.task().id(), e);
      live.lock.lock();
      try {
        // Whoever asks for the task next has it drawn again.
        live.painting = false;
      } finally {
        live.lock.unlock();
      }
    }
  }

  /** Sets the timer. A test's clock may stand still: then this looks again now and then. */
  private void lookAgain(LiveTask live, Instant now) {
    Task task = live.task();
    Instant next = task.status() == Status.PENDING ? task.starts() : task.due();
    boolean late = !now.isBefore(next);
    if (late || live.timer) {
      return;
    }
    long millis = Math.clamp(Duration.between(now, next).toMillis() + 1, 1, 60_000);
    live.timer = true;
    try {
      var _ =
          timer.schedule(
              () -> Thread.startVirtualThread(() -> timed(live)), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("sandbox is closing, task {} goes on after a restart", task.id());
    }
  }

  private void timed(LiveTask live) {
    live.lock.lock();
    try {
      live.timer = false;
    } finally {
      live.lock.unlock();
    }
    advance(live);
  }

  @Override
  public void close() {
    closed.set(true);
    timer.shutdownNow();
    painters.shutdown();
    try {
      if (!painters.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("sandbox leaves a picture half drawn; it is drawn again after a restart");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
