package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.policy.Admission;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.policy.RateLimiter;
import dev.moongate.provider.Submission;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.FairQueue;
import dev.moongate.routing.Flow;
import dev.moongate.routing.Routes;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets requests in: chooses where one waits, and asks everybody who may refuse it, before anything
 * is written. What runs already is joined without asking anybody.
 */
final class Reception {
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
  private final InputPictures pictures;
  private final Routes routes;
  private final GenerationIds ids;
  private final InstantSource clock;
  private final GenerationSettings settings;

  Reception(
      GenerationRows rows,
      KeptGenerations kept,
      Catalogue catalogue,
      Admission admission,
      RateLimiter rates,
      ImageStore store,
      Routes routes,
      GenerationIds ids,
      InstantSource clock,
      GenerationSettings settings) {
    this.rows = rows;
    this.kept = kept;
    this.catalogue = catalogue;
    this.admission = admission;
    this.rates = rates;
    this.store = store;
    this.pictures = new InputPictures(store);
    this.routes = routes;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
  }

  /** A request with the place where it would wait. */
  private record Asked(Generation generation, Model model, AccountLane lane) {
    private String account() {
      return lane.account().name();
    }

    private long disk() {
      return BYTES_PER_PIXEL * generation.pixels();
    }
  }

  Admitted admit(Caller caller, ImageRequest request, Generations.Inputs inputs, Resend resend) {
    Asked asked = asked(caller, request);
    if (resend.marked()) {
      // Before admission: what runs already is not refused for want of room.
      Optional<String> joined = rows.tryJoin(asked.generation(), resend);
      if (joined.isPresent()) {
        return new Admitted(joined.orElseThrow(), true);
      }
    }
    rates.take(caller, request.n());
    boolean kept = false;
    try {
      requireQueue(asked);
      Admitted admitted = admit(asked, inputs, resend);
      // A joined one asks for no new pictures.
      kept = !admitted.joined();
      return admitted;
    } finally {
      if (!kept) {
        rates.giveBack(caller, request.n());
      }
    }
  }

  /** Of what is refused, or is there already, no second copy of the input pictures stays. */
  private Admitted admit(Asked asked, Generations.Inputs inputs, Resend resend) {
    try {
      pictures.keep(asked.generation().id(), inputs);
      Admitted admitted = rows.admit(asked.generation(), hold(asked), resend, asked.disk(), room());
      if (admitted.joined()) {
        pictures.remove(asked.generation());
      }
      return admitted;
    } catch (GatewayException e) {
      if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
        pictures.remove(asked.generation());
      }
      throw e;
    }
  }

  /** The same, and nothing is written or sent. */
  DryRun dryRun(Caller caller, ImageRequest request) {
    Asked asked = asked(caller, request);
    Submission submission =
        new Submission(
            request,
            asked.model().upstreamName(),
            asked.lane().account().keys().getFirst(),
            SizeOnly::new,
            asked.lane().account().submitTimeout(),
            () -> false);
    GatewayException refusal =
        refusal(() -> requireQueue(asked))
            .or(() -> refusal(() -> rates.require(caller, request.n())))
            .or(() -> rows.refusal(asked.generation(), asked.disk(), room()))
            .orElse(null);
    return new DryRun(
        asked.account(),
        asked.lane().account().api().address(),
        asked.lane().account().api().preview(submission),
        asked.generation().unitPrice(),
        asked.generation().hold(),
        queueWait(asked, flows(asked.generation(), asked.lane())),
        refusal);
  }

  private static Optional<GatewayException> refusal(Runnable check) {
    try {
      check.run();
      return Optional.empty();
    } catch (GatewayException e) {
      return Optional.of(e);
    }
  }

  /** Where a waiting generation stands; empty if its account is gone. */
  Optional<QueuePlace> place(Generation generation) {
    return routes
        .lane(generation.account())
        .map(lane -> {
          int ahead =
              FairQueue.ahead(
                  flows(generation, lane),
                  generation.project(),
                  generation.keyId(),
                  rows.ahead(generation));
          long rounds = Math.ceilDiv(ahead + 1, lane.places()) + 1L;
          return new QueuePlace(ahead + 1, pace(generation).multipliedBy(rounds));
        });
  }

  private Asked asked(Caller caller, ImageRequest request) {
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
        routes
            .first(model.id(), now)
            .orElseThrow(() ->
                new GatewayException(
                    ErrorCode.PROVIDER_UNAVAILABLE,
                    "No provider account is set up for the model " + model.id()));
    Generation generation =
        Generation.asked(
            ids.next(now),
            caller,
            request,
            admission.quote(model, request),
            lane.account().name(),
            now,
            settings.queueFor());
    return new Asked(generation, model, lane);
  }

  private void requireQueue(Asked asked) {
    List<Flow> flows = flows(asked.generation(), asked.lane());
    int queued = flows.stream().mapToInt(Flow::waiting).sum();
    admission.requireQueue(queued, queueWait(asked, flows), settings.queueFor());
  }

  /** Everything that waits there, also what must wait a while before it is tried again. */
  private List<Flow> flows(Generation generation, AccountLane lane) {
    return rows.flows(lane.account().name(), generation.deadlineAt(), Set.of());
  }

  /** How long one that comes now would wait for its turn, going by the last ones. */
  private Duration queueWait(Asked asked, List<Flow> flows) {
    Generation generation = asked.generation();
    int own =
        flows.stream()
            .filter(flow -> flow.key().equals(generation.keyId()))
            .mapToInt(Flow::waiting)
            .sum();
    int ahead = FairQueue.ahead(flows, generation.project(), generation.keyId(), own);
    return pace(generation).multipliedBy(ahead).dividedBy(asked.lane().places());
  }

  private Duration pace(Generation generation) {
    return kept.pace(generation.request().model()).orElse(PACE_OF_THE_FIRST);
  }

  private static LedgerEntry hold(Asked asked) {
    return new LedgerEntry(LedgerEntry.Kind.HOLD, asked.generation().hold(), null);
  }

  /** An input picture of a dry run: only its size is shown. */
  private record SizeOnly(InputImage.Stored picture) implements ImageBytes {
    @Override
    public long size() {
      return picture.bytes();
    }

    @Override
    public InputStream open(long offset) {
      throw new IllegalStateException("a dry run sends nothing");
    }
  }

  /** Bytes that are free for input pictures, beside what the pictures of all admitted may need. */
  long roomForInputs() {
    return room() - rows.setAside();
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
