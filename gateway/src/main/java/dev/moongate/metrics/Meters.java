package dev.moongate.metrics;

import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.State;
import dev.moongate.image.StoredImage;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.store.FetchOutcome;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/**
 * The meters of one gateway, in Prometheus' text format. Counters begin at 0 with the process; what
 * must not be forgotten stands in the ledger. Safe for several threads.
 */
public final class Meters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** All of them, as a scraper reads them. */
  public String text() {
    return registry.scrape();
  }

  /**
   * A request was answered.
   *
   * @param method and {@code route} as the route has them, stars and all
   */
  public void request(String method, String route, int status, Duration time) {
    registry
        .timer(
            "moongate.http.requests",
            "method",
            method,
            "route",
            route,
            "status",
            Integer.toString(status))
        .record(time);
  }

  /** A download of a picture ended. */
  public void download(FetchOutcome outcome, Duration time) {
    String name =
        switch (outcome) {
          case FetchOutcome.Fetched _ -> "fetched";
          case FetchOutcome.Gone _ -> "gone";
          case FetchOutcome.Broken _ -> "broken";
          case FetchOutcome.Retry _ -> "retry";
        };
    registry.timer("moongate.download", "outcome", name).record(time);
  }

  void entered(Generation generation, State state) {
    registry
        .counter(
            "moongate.generations", "model", generation.request().model(), "state", lower(state))
        .increment();
  }

  void submitted(String account, AttemptOutcome outcome) {
    registry.counter("moongate.submits", "account", account, "outcome", lower(outcome)).increment();
  }

  void stored(StoredImage image) {
    registry.counter("moongate.pictures.stored").increment();
    registry.counter("moongate.pictures.stored.bytes").increment((double) image.bytes());
  }

  void booked(Collection<LedgerEntry> entries) {
    for (LedgerEntry entry : entries) {
      registry
          .counter(
              "moongate.ledger", "kind", lower(entry.kind()), "currency", entry.amount().currency())
          .increment(entry.amount().decimal().doubleValue());
    }
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
