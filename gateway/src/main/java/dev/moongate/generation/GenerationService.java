package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.Size;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.policy.Admission;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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
  private final ImageStore store;
  private final InputPictures pictures;
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
    this.store = store;
    this.pictures = new InputPictures(store);
    this.engine = engine;
    this.cancellation = new Cancellation(rows, engine);
    this.retention = retention;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public Admitted submit(Caller caller, ImageRequest request, Inputs inputs, Resend resend) {
    if (!engine.mayWrite()) {
      throw new GatewayException(
              ErrorCode.STORE_UNAVAILABLE,
              "The gateway has lost its hold on the database and starts anew; nothing was started"
                  + " or charged")
          .after(Duration.ofSeconds(10));
    }
    Model model = catalogue.find(request.model()).orElseThrow();
    Instant now = clock.instant();
    Generation asked =
        Generation.asked(
            ids.next(now), caller, request, admission.price(model), now, settings.queueFor());
    if (resend.marked()) {
      // Before admission: what runs already is not refused for want of room.
      Optional<String> joined = rows.tryJoin(asked, resend);
      if (joined.isPresent()) {
        return new Admitted(joined.orElseThrow(), true);
      }
    }
    if (!engine.serves(model.provider())) {
      throw new GatewayException(
          ErrorCode.PROVIDER_UNAVAILABLE,
          "No provider account is set up for the model " + model.id());
    }
    admission.requireQueue(rows.queued(catalogue.modelsOf(model.provider())));
    LedgerEntry hold = new LedgerEntry(LedgerEntry.Kind.HOLD, asked.hold(), null);
    Admitted admitted = admit(asked, inputs, hold, resend, disk(model, request));
    engine.wake();
    return admitted;
  }

  /** Of what is refused, or is there already, no second copy of the input pictures stays. */
  private Admitted admit(
      Generation asked, Inputs inputs, LedgerEntry hold, Resend resend, long disk) {
    try {
      pictures.keep(asked.id(), inputs);
      Admitted admitted = rows.admit(asked, hold, resend, disk, room());
      if (admitted.joined()) {
        pictures.remove(asked);
      }
      return admitted;
    } catch (GatewayException e) {
      if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
        pictures.remove(asked);
      }
      throw e;
    }
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
    retention.remove(generation);
  }

  @Override
  public Optional<QueuePlace> place(Generation generation) {
    if (generation.state() != State.ADMITTED) {
      return Optional.empty();
    }
    return catalogue.find(generation.request().model()).map(model -> place(generation, model));
  }

  private QueuePlace place(Generation generation, Model model) {
    int position = 1 + rows.ahead(generation, catalogue.modelsOf(model.provider()));
    Duration each = kept.pace(model.id()).orElse(PACE_OF_THE_FIRST);
    long rounds = Math.ceilDiv(position, engine.places(model.provider())) + 1L;
    return new QueuePlace(position, each.multipliedBy(rounds));
  }

  static GatewayException gone(String id) {
    return new GatewayException(
        ErrorCode.NOT_FOUND,
        "There is no generation %s in your project".formatted(GatewayException.shown(id)));
  }

  private static long disk(Model model, ImageRequest request) {
    boolean textToImage = request.inputImages().isEmpty() && !request.sequential();
    long pixels =
        switch (request.size()) {
          case null -> (long) Size.Tier.K2.side() * Size.Tier.K2.side();
          case Size.Tier tier -> (long) tier.side() * tier.side();
          case Size.Pixels exact -> exact.total();
        };
    return request.n() * BYTES_PER_PIXEL * Math.min(pixels, model.sizes(textToImage).maxPixels());
  }

  @Override
  public long roomForInputs() {
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
