package dev.moongate.http.images;

import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Admitted;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.http.Endpoint;
import dev.moongate.http.Exchange;
import dev.moongate.http.body.ReceivedBody;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code POST /v1/images/generations} and {@code /v1/images/edits}: reads, submits, waits, answers.
 */
public final class GenerateEndpoint implements Endpoint {
  private final RequestReader reader;
  private final Generations generations;
  private final LinkBase links;
  private final GenerationView view;
  private final ImagesAnswer json;
  private final EventAnswer events;
  private final Duration answerWithin;

  GenerateEndpoint(
      RequestReader reader,
      Generations generations,
      LinkBase links,
      GenerationView view,
      ImagesAnswer json,
      EventAnswer events,
      Duration answerWithin) {
    this.reader = reader;
    this.generations = generations;
    this.links = links;
    this.view = view;
    this.json = json;
    this.events = events;
    this.answerWithin = answerWithin;
  }

  @Override
  public void answer(Exchange exchange) throws Exception {
    links.check(exchange);
    Resend marks = ResendMarks.of(exchange, reader.endpoint());
    Duration answerWithin = exchange.caller().terms().answerWithin(this.answerWithin);
    Preference preference = Preference.of(exchange, answerWithin);
    Optional<Begun> begun = begin(exchange, marks, preference);
    if (begun.isEmpty()) {
      return;
    }
    Admitted admitted = begun.orElseThrow().admitted();
    exchange.about(admitted.id());
    if (admitted.joined()) {
      exchange.put("Idempotent-Replayed", "true");
    }
    if (begun.orElseThrow().stream()) {
      events.write(exchange, admitted.id());
    } else {
      await(exchange, admitted.id(), preference, answerWithin);
    }
  }

  private void await(Exchange exchange, String id, Preference preference, Duration answerWithin)
      throws IOException, InterruptedException {
    if (preference.applied() != null) {
      exchange.put("Preference-Applied", preference.applied());
    }
    exchange.mayWait();
    Duration wait = preference.patience() == null ? answerWithin : preference.patience();
    Generation generation = generations.await(id, wait);
    Failure failure = generation.failure();
    if (failure != null) {
      throw failure.toException(generation.id());
    }
    if (generation.state() == State.SUCCEEDED) {
      json.write(exchange, generation);
    } else if (preference.patience() != null) {
      exchange.put("Location", links.base(exchange) + "/v1/images/generations/" + generation.id());
      exchange.json(202, view.object(exchange, generation));
    } else {
      throw Entrance.unfinished(generation, answerWithin, "/v1/images/generations");
    }
  }

  /** What runs from now on, and how its pictures are to come. */
  private record Begun(Admitted admitted, boolean stream) {}

  /** Empty if it was a dry run, which is answered then. */
  private Optional<Begun> begin(Exchange exchange, Resend marks, Preference preference)
      throws IOException {
    boolean dryRun = DryRunQuery.of(exchange);
    try (ReceivedBody body = reader.receive(exchange)) {
      Posted posted = reader.parse(body, exchange);
      if (posted.stream() && preference.applied() != null) {
        throw new GatewayException(
            ErrorCode.INVALID_VALUE,
            "Prefer",
            "Prefer: %s and stream: true ask for two different answers; leave one of them out"
                .formatted(preference.applied()));
      }
      if (dryRun) {
        boolean admin = exchange.caller().terms().role() == Role.ADMIN;
        exchange.json(
            200, DryRunView.of(generations.dryRun(exchange.caller(), posted.request()), admin));
        return Optional.empty();
      }
      return Optional.of(
          new Begun(
              Entrance.submit(generations, exchange, posted.request(), body, marks),
              posted.stream()));
    }
  }
}
