package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Catalogue;
import dev.moongate.policy.Admission;
import dev.moongate.policy.RateLimiter;
import dev.moongate.store.ImageStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Admits, waits and finds. Everything that happens in between is the {@link Engine}'s. */
public final class GenerationService implements Generations {
  private static final Duration SHOWN_IN_DOUBT = Duration.ofSeconds(60);

  private final GenerationRows rows;
  private final KeptGenerations kept;
  private final RateLimiter rates;
  private final Reception reception;
  private final Engine engine;
  private final Cancellation cancellation;
  private final Retention retention;

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
    this.rates = rates;
    this.reception =
        new Reception(
            rows, kept, catalogue, admission, rates, store, engine.routes(), ids, clock, settings);
    this.engine = engine;
    this.cancellation = new Cancellation(rows, engine);
    this.retention = retention;
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
    Admitted admitted = reception.admit(caller, request, inputs, resend);
    engine.wake();
    return admitted;
  }

  @Override
  public DryRun dryRun(Caller caller, ImageRequest request) {
    return reception.dryRun(caller, request);
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
  public Watch watch(String id) {
    return new Watch(id, rows, engine.waiters());
  }

  @Override
  public Optional<Generation> find(Caller caller, String id) {
    return rows.find(id)
        .filter(generation -> generation.project().equals(caller.project()))
        .filter(generation -> generation.organisation().equals(caller.organisation()));
  }

  @Override
  public Optional<StoredImage> findPicture(Caller caller, String imageId) {
    return rows.findImage(caller.organisation(), caller.project(), imageId);
  }

  @Override
  public List<Generation> list(Caller caller, KeptGenerations.Query query) {
    return kept.list(caller.organisation(), caller.project(), query);
  }

  @Override
  public int count(Caller caller, KeptGenerations.Query query) {
    return kept.count(caller.organisation(), caller.project(), query);
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
    return generation.state() == State.ADMITTED ? reception.place(generation) : Optional.empty();
  }

  static GatewayException gone(String id) {
    return new GatewayException(
        ErrorCode.NOT_FOUND,
        "There is no generation %s in your project".formatted(GatewayException.shown(id)));
  }

  @Override
  public long roomForInputs() {
    return reception.roomForInputs();
  }
}
