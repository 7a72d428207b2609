package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Admitted;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.http.Exchange;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.http.images.Entrance;
import dev.moongate.http.images.LinkBase;
import dev.moongate.http.images.ResendMarks;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.Warning;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The two calls that begin a generation: one waits for its pictures, the other answers a task. */
final class SubmitEndpoint {
  /** As at /v1: the same words there are the same request, whose marks are honoured here too. */
  private static final String ENDPOINT = "images/generations";

  private final DashScopeReader reader;
  private final Generations generations;
  private final LinkBase links;
  private final TaskView view;
  private final Duration answerWithin;

  SubmitEndpoint(
      DashScopeReader reader,
      Generations generations,
      LinkBase links,
      TaskView view,
      Duration answerWithin) {
    this.reader = reader;
    this.generations = generations;
    this.links = links;
    this.view = view;
    this.answerWithin = answerWithin;
  }

  /** {@code POST .../multimodal-generation/generation}: waits, however the upstream is called. */
  void sync(Exchange exchange) throws IOException, InterruptedException {
    DashScopeHeaders.requireKind(exchange, false);
    Admitted admitted = admit(exchange);
    exchange.mayWait();
    Duration wait = exchange.caller().terms().answerWithin(answerWithin);
    Generation generation = generations.await(admitted.id(), wait);
    Failure failure = generation.failure();
    if (failure != null) {
      throw failure.toException(generation.id());
    }
    if (generation.state() != State.SUCCEEDED) {
      throw Entrance.unfinished(generation, wait, DashScopeRoutes.TASKS_PATH);
    }
    if (generation.cost() != null) {
      exchange.put("x-moongate-cost", generation.cost().toString());
    }
    exchange.json(200, view.answer(exchange, generation));
  }

  /** {@code POST .../image-generation/generation}: answers at once. */
  void async(Exchange exchange) throws IOException {
    DashScopeHeaders.requireKind(exchange, true);
    Admitted admitted = admit(exchange);
    TaskStatus status = admitted.joined() ? status(exchange, admitted.id()) : TaskStatus.PENDING;
    exchange.json(200, TaskView.of(exchange, admitted.id(), status));
  }

  /** Who asks for a dry run in it must not be made to pay for a picture. */
  private static void requireNoQuery(Exchange exchange) {
    exchange
        .queryNames()
        .findFirst()
        .ifPresent(name -> {
          throw new GatewayException(
              ErrorCode.UNKNOWN_PARAMETER,
              GatewayException.shown(name),
              "There is no query parameter %s here: parameters stand in the body, and a dry run is POST /v1/images/generations?dry_run=true; nothing was started"
                  .formatted(GatewayException.shown(name)));
        });
  }

  /** Of what was there before this call. */
  private TaskStatus status(Exchange exchange, String id) {
    return generations
        .find(exchange.caller(), id)
        .map(generation -> TaskStatus.of(generation.state()))
        .orElse(TaskStatus.UNKNOWN);
  }

  private Admitted admit(Exchange exchange) throws IOException {
    requireNoQuery(exchange);
    links.check(exchange);
    Resend marks = ResendMarks.of(exchange, ENDPOINT);
    List<Warning> warnings = DashScopeHeaders.warnings(exchange);
    try (ReceivedBody body = reader.receive(exchange)) {
      ImageRequest request = reader.parse(body, exchange, warnings);
      Admitted admitted = Entrance.submit(generations, exchange, request, body, marks);
      exchange.about(admitted.id());
      if (admitted.joined()) {
        exchange.put("Idempotent-Replayed", "true");
      }
      return admitted;
    }
  }
}
