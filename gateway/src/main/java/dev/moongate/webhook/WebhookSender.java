package dev.moongate.webhook;

import dev.moongate.generation.Generation;
import dev.moongate.provider.HttpCalls;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due in the rows, each event on a thread of its own. The rows are the schedule; what
 * is kept in memory is only which of them a thread has in hand. At most 4 events of one key are
 * under way at a time, and a key that has so many does not hold back another.
 *
 * <p>What a receiver took is written down afterwards: a process that dies between the two sends it
 * again, under the same id.
 */
public final class WebhookSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);
  private static final Duration LET_FINISH = Duration.ofSeconds(4);
  private static final int AT_ONCE = 4;

  private final WebhookRows rows;
  private final Function<String, Optional<Generation>> generations;
  private final WebhookBody body;
  private final Courier courier;
  private final RetrySchedule schedule;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread loop = Thread.ofVirtual().name("webhooks").unstarted(this::run);

  /** The events that a thread works on, and whose they are. */
  private final Map<String, String> inHand = new ConcurrentHashMap<>();

  private final Semaphore wakes = new Semaphore(0);
  private volatile boolean stopping;

  /**
   * Makes a sender that has not begun.
   *
   * @param generations finds a generation by its id
   * @param jitter spreads the retries
   */
  public WebhookSender(
      WebhookRows rows,
      Function<String, Optional<Generation>> generations,
      WebhookBody body,
      HttpCalls calls,
      InstantSource clock,
      RandomGenerator jitter,
      WebhookSettings settings) {
    this.rows = rows;
    this.generations = generations;
    this.body = body;
    this.courier = new Courier(calls, settings);
    this.schedule = new RetrySchedule(jitter);
    this.clock = clock;
  }

  /** Begins to send, first of all what an earlier process left. */
  public void start() {
    loop.start();
  }

  /** Something may be due sooner than the sender thinks. */
  public void wake() {
    wakes.release();
  }

  private void run() {
    while (!stopping) {
      Instant next = clock.instant().plus(LONGEST_SLEEP);
      try {
        Instant due = takeDue(clock.instant());
        next = due.isBefore(next) ? due : next;
      } catch (RuntimeException e) {
        LOG.error("the sender of webhooks stumbled; it goes on", e);
      }
      sleep(Duration.between(clock.instant(), next));
    }
  }

  /** Hands out what is due; answers when the next of it comes due. */
  private Instant takeDue(Instant now) {
    while (!stopping) {
      // One look for both questions: what leaves the map after this wakes the loop.
      Map<String, String> underWay = Map.copyOf(inHand);
      Set<String> full = full(underWay);
      Optional<WebhookDelivery> next = rows.nextDue(now, underWay.keySet(), full);
      if (next.isEmpty()) {
        return rows.nextDueAt(underWay.keySet(), full).orElse(Instant.MAX);
      }
      begin(next.orElseThrow());
    }
    return now;
  }

  private static Set<String> full(Map<String, String> underWay) {
    Map<String, Integer> counts = new HashMap<>();
    underWay.values().forEach(key -> counts.merge(key, 1, Integer::sum));
    return counts.entrySet().stream()
        .filter(count -> count.getValue() >= AT_ONCE)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void begin(WebhookDelivery delivery) {
    inHand.put(delivery.id(), delivery.keyId());
    threads.execute(() -> {
      try {
        send(delivery);
      } catch (RuntimeException e) {
        LOG.error("webhook {} stumbled; it is taken up again", delivery.id(), e);
        pause();
      } finally {
        inHand.remove(delivery.id());
        wake();
      }
    });
  }

  private void send(WebhookDelivery delivery) {
    Optional<Generation> generation = generations.apply(delivery.generationId());
    if (generation.isEmpty()) {
      rows.givenUp(delivery, null, "the generation is gone");
      return;
    }
    Courier.Outcome outcome =
        courier.bring(delivery, body.of(generation.orElseThrow()), clock.instant());
    if (outcome.delivered()) {
      rows.delivered(delivery, outcome.status() == null ? 0 : outcome.status());
      LOG.info("webhook {} of key {} was delivered", delivery.id(), delivery.keyId());
    } else if (!stopping) {
      // An attempt that our own end broke off says nothing about its receiver.
      failed(delivery, outcome);
    }
  }

  private void failed(WebhookDelivery delivery, Courier.Outcome outcome) {
    int attempts = delivery.attempts() + 1;
    Optional<Instant> again =
        outcome.gone()
            ? Optional.empty()
            : schedule.after(attempts, delivery.createdAt(), clock.instant());
    if (again.isEmpty()) {
      rows.givenUp(delivery, outcome.status(), outcome.error());
      LOG.warn(
          "webhook {} of key {} is given up after {} attempts: {}",
          delivery.id(),
          delivery.keyId(),
          attempts,
          outcome.error());
      return;
    }
    rows.failed(delivery, outcome.status(), outcome.error(), again.orElseThrow());
    LOG.info(
        "webhook {} of key {} failed ({}), attempt {}; again at {}",
        delivery.id(),
        delivery.keyId(),
        outcome.error(),
        attempts,
        again.orElseThrow());
  }

  /** Keeps an event that fails at once (a full disk, say) from being taken up in a tight loop. */
  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sleep(Duration time) {
    try {
      if (wakes.tryAcquire(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  /**
   * Stops within seconds. What is under way may still succeed; if it does not, it is sent again at
   * the next start.
   */
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      long end = System.nanoTime() + LET_FINISH.toNanos();
      if (loop.isAlive()) {
        var _ = loop.join(LET_FINISH);
      }
      threads.shutdown();
      if (!threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        var _ = threads.shutdownNow();
        var _ = threads.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      var _ = threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
