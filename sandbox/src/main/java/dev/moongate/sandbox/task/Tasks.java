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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks: those that are accepted, found, listed, cancelled and forgotten. A task's times are
 * set when it is accepted. All methods may be called by any thread.
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
  private final Engine engine;
  private final Map<String, LiveTask> all = new ConcurrentHashMap<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sandbox-timer").factory());

  public Tasks(SandboxSettings settings, Journal journal, Pictures pictures) throws IOException {
    this.clock = settings.clock();
    this.perPicture = settings.perPicture();
    this.mostAtWork = settings.limits().running();
    this.journal = journal;
    this.pictures = pictures;
    Path file = settings.home().resolve("tasks.jsonl");
    this.log = TaskLog.open(file, clock.instant());
    this.engine = new Engine(clock, log, journal, pictures, timer, atWork::decrementAndGet);
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
        engine.advance(live);
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
    engine.advance(live);
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
    engine.advance(live);
    return Optional.of(live);
  }

  /** The asynchronous tasks of the last 24 hours, newest first. */
  public List<Task> list() {
    Instant now = clock.instant();
    return all.values().stream()
        .peek(engine::advance)
        .map(LiveTask::task)
        .filter(task -> !task.sync() && !task.purged(now))
        .sorted(Comparator.comparing(Task::submitted).thenComparing(Task::id).reversed())
        .toList();
  }

  /** Cancels the task if it is still pending, and says whether it did. */
  public boolean tryCancel(LiveTask live) {
    return engine.tryCancel(live);
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
    engine.close();
    log.close();
  }
}
