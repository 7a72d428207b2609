package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageRequest;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.policy.Admission;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.policy.RateLimiter;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.FairQueue;
import dev.moongate.routing.Flow;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Admits, waits and finds. Everything that happens in between is the {@link Engine}'s. */
public final class GenerationService implements Generations {
  private static final Duration SHOWN_IN_DOUBT = Duration.ofSeconds(60);

  /** Before there is anything to go by; within what the vendor documents. */
  private static final Duration PACE_OF_THE_FIRST = Duration.ofSeconds(20);

  /** More than any format that a provider delivers needs. */
  private static final long BYTES_PER_PIXEL = 4;

  private final GenerationRows rows;
  private final KeptGenerations kept;
  private final Catalogue catalogue;
  private final Admission admission;
  private final RateLimiter rates;
  private final ImageStore store;
  private final Engine engine;
  private final Cancellation cancellation;
  private final Retention retention;
  private final GenerationIds ids;
  private final InstantSource clock;
  private final GenerationSettings settings;

  public GenerationService(
      GenerationRows rows,
      KeptGenerations kept,
      Catalogue catalogue,
      Admission admission,
      RateLimiter rates,
      ImageStore store,
      Engine engine,
      Retention retention,
      GenerationIds ids,
      InstantSource clock,
      GenerationSettings settings) {
    this.rows = rows;
    this.kept = kept;
    this.catalogue = catalogue;
    this.admission = admission;
    this.rates = rates;
    this.store = store;
    this.engine = engine;
    this.cancellation = new Cancellation(rows, engine);
    this.retention = retention;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public Admitted submit(Caller caller, ImageRequest request, Resend resend) {
    Model model = catalogue.find(request.model()).orElseThrow();
    if (!caller.terms().allows(model.id())) {
      throw new GatewayException(
          ErrorCode.MODEL_NOT_ALLOWED,
          "model",
          "This key may not use the model %s; GET /v1/models lists what it may"
              .formatted(model.id()));
    }
    Instant now = clock.instant();
    AccountLane lane =
        engine
            .routes()
            .first(model.id(), now)
            .orElseThrow(() ->
                new GatewayException(
                    ErrorCode.PROVIDER_UNAVAILABLE,
                    "No provider account is set up for the model " + model.id()));
    Generation asked =
        Generation.asked(
            ids.next(now),
            caller,
            request,
            admission.quote(model, request),
            lane.account().name(),
            now,
            settings.queueFor());
    if (resend.marked()) {
      // Before admission: what runs already is not refused for want of room.
      Optional<String> joined = rows.tryJoin(asked, resend);
      if (joined.isPresent()) {
        return new Admitted(joined.orElseThrow(), true);
      }
    }
    rates.take(caller, request.n());
    boolean admitted = false;
    try {
      Admitted in = admit(asked, resend, lane);
      // A joined one asks for no new pictures.
      admitted = !in.joined();
      return in;
    } finally {
      if (!admitted) {
        rates.giveBack(caller, request.n());
      }
    }
  }

  private Admitted admit(Generation asked, Resend resend, AccountLane lane) {
    List<Flow> flows = rows.flows(lane.account().name(), asked.deadlineAt(), Set.of());
    int queued = flows.stream().mapToInt(Flow::waiting).sum();
    admission.requireQueue(queued, queueWait(asked, flows, lane), settings.queueFor());
    LedgerEntry hold = new LedgerEntry(LedgerEntry.Kind.HOLD, asked.hold(), null);
    Admitted admitted = rows.admit(asked, hold, resend, BYTES_PER_PIXEL * asked.pixels(), room());
    engine.wake();
    return admitted;
  }

  @Override
  public List<RateLimiter.Standing> rates(Caller caller) {
    return rates.standing(caller);
  }

  @Override
  public Generation await(String id, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    long doubtEnd = 0;
    boolean inDoubt = false;
    try (Waiters.Place place = engine.waiters().enter(id)) {
      while (true) {
        Generation now = rows.find(id).orElseThrow(() -> gone(id));
        if (now.state() == State.UNCERTAIN && !inDoubt) {
          doubtEnd = System.nanoTime() + SHOWN_IN_DOUBT.toNanos();
        }
        inDoubt = now.state() == State.UNCERTAIN;
        long until = inDoubt ? Math.min(end, doubtEnd) : end;
        long left = until - System.nanoTime();
        if (now.state().terminal() || left <= 0) {
          return now;
        }
        place.await(left);
      }
    }
  }

  @Override
  public Optional<Generation> find(Caller caller, String id) {
    return rows.find(id)
        .filter(generation -> generation.project().equals(caller.project()))
        .filter(generation -> generation.organisation().equals(caller.organisation()));
  }

  @Override
  public List<Generation> list(Caller caller, KeptGenerations.Query query) {
    return kept.list(caller.organisation(), caller.project(), query);
  }

  @Override
  public Generation cancel(Caller caller, String id) throws InterruptedException {
    Generation own = find(caller, id).orElseThrow(() -> gone(id));
    return cancellation.cancel(own.id());
  }

  @Override
  public void delete(Caller caller, String id) {
    Generation generation = find(caller, id).orElseThrow(() -> gone(id));
    if (!generation.state().terminal()) {
      throw new GatewayException(
              ErrorCode.NOT_ENDED,
              "The generation is %s; cancel it or wait for its end before it is deleted"
                  .formatted(generation.state().status()))
          .of(id);
    }
    retention.remove(id);
  }

  @Override
  public Optional<QueuePlace> place(Generation generation) {
    if (generation.state() != State.ADMITTED) {
      return Optional.empty();
    }
    return engine.routes().lane(generation.account()).map(lane -> place(generation, lane));
  }

  private QueuePlace place(Generation generation, AccountLane lane) {
    List<Flow> flows = rows.flows(lane.account().name(), generation.deadlineAt(), Set.of());
    int ahead =
        FairQueue.ahead(flows, generation.project(), generation.keyId(), rows.ahead(generation));
    Duration each = pace(generation);
    long rounds = Math.ceilDiv(ahead + 1, lane.places()) + 1L;
    return new QueuePlace(ahead + 1, each.multipliedBy(rounds));
  }

  /** How long a generation that comes now would wait for its turn, going by the last ones. */
  private Duration queueWait(Generation asked, List<Flow> flows, AccountLane lane) {
    int own =
        flows.stream()
            .filter(flow -> flow.key().equals(asked.keyId()))
            .mapToInt(Flow::waiting)
            .sum();
    int ahead = FairQueue.ahead(flows, asked.project(), asked.keyId(), own);
    return pace(asked).multipliedBy(ahead).dividedBy(lane.places());
  }

  private Duration pace(Generation generation) {
    return kept.pace(generation.request().model()).orElse(PACE_OF_THE_FIRST);
  }

  static GatewayException gone(String id) {
    return new GatewayException(
        ErrorCode.NOT_FOUND,
        "There is no generation %s in your project".formatted(GatewayException.shown(id)));
  }

  private long room() {
    try {
      return store.freeBytes() - settings.minFreeDisk();
    } catch (IOException e) {
      throw new GatewayException(
          ErrorCode.STORE_UNAVAILABLE, "The gateway cannot reach its picture store");
    }
  }
}
