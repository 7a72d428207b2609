package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageRequest;
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
  private final GenerationRows rows;
  private final Catalogue catalogue;
  private final Admission admission;
  private final ImageStore store;
  private final Engine engine;
  private final GenerationIds ids;
  private final InstantSource clock;
  private final GenerationSettings settings;

  public GenerationService(
      GenerationRows rows,
      Catalogue catalogue,
      Admission admission,
      ImageStore store,
      Engine engine,
      GenerationIds ids,
      InstantSource clock,
      GenerationSettings settings) {
    this.rows = rows;
    this.catalogue = catalogue;
    this.admission = admission;
    this.store = store;
    this.engine = engine;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public Generation submit(Caller caller, ImageRequest request) {
    Model model = catalogue.find(request.model()).orElseThrow();
    if (!engine.serves(model.provider())) {
      throw new GatewayException(
          ErrorCode.PROVIDER_UNAVAILABLE,
          "No provider account is set up for the model " + model.id());
    }
    requireRoom();
    int queued = rows.queued(catalogue.modelsOf(model.provider()));
    Admission.Hold hold = admission.admit(caller, model, request, queued);
    Instant now = clock.instant();
    Generation generation =
        new Generation(
            ids.next(now),
            caller.organisation(),
            caller.project(),
            caller.keyId(),
            request,
            State.ADMITTED,
            0,
            hold.unitPrice(),
            null,
            0,
            null,
            null,
            now,
            now,
            now.plus(settings.queueFor()),
            null,
            null,
            null,
            null,
            null,
            List.of());
    rows.admit(generation, new LedgerEntry(LedgerEntry.Kind.HOLD, hold.amount(), null));
    engine.wake();
    return generation;
  }

  @Override
  public Generation await(String id, Duration limit) throws InterruptedException {
    try (Waiters.Place place = engine.waiters().enter(id)) {
      Generation now = rows.find(id).orElseThrow();
      if (now.state().terminal()) {
        return now;
      }
      place.await(limit);
      return rows.find(id).orElseThrow();
    }
  }

  @Override
  public Optional<Generation> find(Caller caller, String id) {
    return rows.find(id)
        .filter(generation -> generation.project().equals(caller.project()))
        .filter(generation -> generation.organisation().equals(caller.organisation()));
  }

  private void requireRoom() {
    try {
      if (store.freeBytes() < settings.minFreeDisk()) {
        throw new GatewayException(
            ErrorCode.STORE_UNAVAILABLE,
            "The gateway has too little disk space left for another picture; nothing was started or charged");
      }
    } catch (IOException e) {
      throw new GatewayException(
          ErrorCode.STORE_UNAVAILABLE, "The gateway cannot reach its picture store");
    }
  }
}
