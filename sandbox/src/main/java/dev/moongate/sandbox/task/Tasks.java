package dev.moongate.sandbox.task;

import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.sandbox.ask.Ask;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks and what leads them on. A task's times are set when it is accepted; a timer and every
 * look at it move it to where the clock says it is. All methods may be called by any thread.
 */
public final class Tasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
  private static final Duration SHORTLY = Duration.ofMillis(100);

  private final Clock clock;
  private final Duration perPicture;
  private final int mostAtWork;
  private final TaskLog log;
  private final Journal journal;
  private final Pictures pictures;
  private final Map<String, LiveTask> all = new ConcurrentHashMap<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sandbox-timer").factory());
  private final ExecutorService painters =
      Executors.newFixedThreadPool(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
          Thread.ofPlatform().daemon().name("sandbox-painter-", 0).factory());

  public Tasks(SandboxSettings settings, Journal journal, Pictures pictures) throws IOException {
    this.clock = settings.clock();
    this.perPicture = settings.perPicture();
    this.mostAtWork = settings.limits().running();
    this.journal = journal;
    this.pictures = pictures;
    Path file = settings.home().resolve("tasks.jsonl");
    this.log = TaskLog.open(file, clock.instant());
    for (Task task : log.found()) {
      all.put(task.id(), new LiveTask(task));
    }
  }

  /** Goes on with the tasks that a restart interrupted. */
  public void start() {
    sweep();
    var _ = timer.scheduleWithFixedDelay(this::sweep, 10, 10, TimeUnit.MINUTES);
    for (LiveTask live : all.values()) {
      if (!live.task().status().ended()) {
        atWork.incrementAndGet();
        advance(live);
      }
    }
  }

  /** Accepts a request; empty when as many as allowed are at work. On the disk on return. */
  public Optional<LiveTask> tryAccept(
      Ask ask, Words words, boolean sync, Journal.Submit submit, String taskId) {
    if (atWork.incrementAndGet() > mostAtWork) {
      atWork.decrementAndGet();
      return Optional.empty();
    }
    Task task = newTask(ask, words, sync, submit, taskId);
    try {
      // The task first: what the journal calls accepted must be found again after a kill.
      log.write(task);
      journal.submitted(submit, task);
    } catch (UncheckedIOException e) {
      atWork.decrementAndGet();
      throw e;
    }
    LiveTask live = new LiveTask(task);
    all.put(task.id(), live);
    advance(live);
    return Optional.of(live);
  }

  private Task newTask(Ask ask, Words words, boolean sync, Journal.Submit submit, String id) {
    int count = Math.max(0, ask.n() - words.count(KnownWord.FEWER));
    Duration work =
        words.duration(KnownWord.DELAY).orElseGet(() -> perPicture.multipliedBy(ask.n()));
    Duration tenth = work.dividedBy(10);
    Duration wait =
        words.duration(KnownWord.PENDING).orElse(tenth.compareTo(SHORTLY) < 0 ? tenth : SHORTLY);
    Instant now = clock.instant();
    Instant starts = now.plus(wait);
    return new Task(
        id,
        submit.requestId(),
        submit.apiKeyId(),
        sync,
        ask,
        count,
        Status.PENDING,
        now,
        starts,
        starts.plus(work),
        null,
        null);
  }

  /** The task as it stands now, unless there is none or it is older than the vendor keeps. */
  public Optional<LiveTask> find(String id) {
    LiveTask live = all.get(id);
    if (live == null || live.task().purged(clock.instant())) {
      return Optional.empty();
    }
    advance(live);
    return Optional.of(live);
  }

  /** The asynchronous tasks of the last 24 hours, newest first. */
  public List<Task> list() {
    Instant now = clock.instant();
    return all.values().stream()
        .peek(this::advance)
        .map(LiveTask::task)
        .filter(task -> !task.sync() && !task.purged(now))
        .sorted(Comparator.comparing(Task::submitted).thenComparing(Task::id).reversed())
        .toList();
  }

  /** Cancels the task if it is still pending, and says whether it did. */
  public boolean tryCancel(LiveTask live) {
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

  private void advance(LiveTask live) {
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

  private static Status lastStatus(Words words) {
    return words.has(KnownWord.TASK_FAIL)
        ? Status.FAILED
        : words.has(KnownWord.TASK_CANCEL) ? Status.CANCELED : Status.SUCCEEDED;
  }

  private void end(LiveTask live, Status as) {
    live.become(live.task().ended(as, clock.instant()));
    log.write(live.task());
    journal.ended(live.task());
    atWork.decrementAndGet();
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

  private void sweep() {
    Instant now = clock.instant();
    all.values().removeIf(live -> live.task().purged(now));
    try {
      pictures.sweep(all::containsKey);
    } catch (IOException e) {
      LOG.warn("sandbox could not delete old pictures", e);
    }
  }

  @Override
  public void close() throws IOException {
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
    log.close();
  }
}
