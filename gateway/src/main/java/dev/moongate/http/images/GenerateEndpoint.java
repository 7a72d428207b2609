package dev.moongate.http.images;

import dev.moongate.auth.Caller;
import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Admitted;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generation.Picture;
import dev.moongate.generation.Generations;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.http.Endpoint;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.StoredImage;
import dev.moongate.policy.RateLimiter;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/images/generations}: reads, submits, waits, answers. */
public final class GenerateEndpoint implements Endpoint {
  private final RequestReader reader;
  private final Generations generations;
  private final ImageStore store;
  private final LinkBase links;
  private final GenerationView view;
  private final Duration answerWithin;

  GenerateEndpoint(
      RequestReader reader,
      Generations generations,
      ImageStore store,
      LinkBase links,
      GenerationView view,
      Duration answerWithin) {
    this.reader = reader;
    this.generations = generations;
    this.store = store;
    this.links = links;
    this.view = view;
    this.answerWithin = answerWithin;
  }

  @Override
  public void answer(Exchange exchange) throws Exception {
    links.check(exchange);
    Resend marks = ResendMarks.of(exchange);
    Duration answerWithin = answerWithin(exchange.caller());
    Preference preference = Preference.of(exchange, answerWithin);
    Optional<Admitted> let = admit(exchange, marks);
    if (let.isEmpty()) {
      return;
    }
    Admitted admitted = let.orElseThrow();
    exchange.about(admitted.id());
    if (admitted.joined()) {
      exchange.put("Idempotent-Replayed", "true");
    }
    if (preference.applied() != null) {
      exchange.put("Preference-Applied", preference.applied());
    }
    exchange.mayWait();
    Duration wait = preference.patience() == null ? answerWithin : preference.patience();
    Generation generation = generations.await(admitted.id(), wait);
    Failure failure = generation.failure();
    if (failure != null) {
      throw failure.toException(generation.id());
    }
    if (generation.state() == State.SUCCEEDED) {
      write(exchange, generation);
    } else if (preference.patience() != null) {
      exchange.put("Location", links.base(exchange) + "/v1/images/generations/" + generation.id());
      exchange.json(202, view.object(exchange, generation));
    } else {
      throw unfinished(generation, answerWithin);
    }
  }

  /** Other members of the query are left alone: some clients send a version there. */
  private static boolean dryRun(Exchange exchange) {
    Optional<String> name = exchange.queryNames().filter(GenerateEndpoint::meansDryRun).findFirst();
    if (name.isEmpty()) {
      return false;
    }
    String value = exchange.query(name.orElseThrow()).orElse("");
    if (!name.orElseThrow().equals("dry_run") || !(value.equals("true") || value.equals("false"))) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "dry_run",
          "the query must say dry_run=true or dry_run=false, once; nothing was started");
    }
    return value.equals("true");
  }

  /** A slip of the pen must not become a generation that is paid for. */
  private static boolean meansDryRun(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "").equals("dryrun");
  }

  /** Empty if it was a dry run, which is answered then. */
  private Optional<Admitted> admit(Exchange exchange, Resend marks) throws IOException {
    boolean dryRun = dryRun(exchange);
    try (ReceivedBody body = reader.receive(exchange)) {
      ImageRequest request = reader.parse(body, exchange.caller().terms());
      if (dryRun) {
        boolean admin = exchange.caller().terms().role() == Role.ADMIN;
        exchange.json(200, DryRunView.of(generations.dryRun(exchange.caller(), request), admin));
        return Optional.empty();
      }
      return Optional.of(submit(exchange, request, body, marks));
    }
  }

  private Admitted submit(
      Exchange exchange, ImageRequest request, ReceivedBody body, Resend marks) {
    try {
      return generations.submit(exchange.caller(), request, body::keepInputs, marks);
    } finally {
      for (RateLimiter.Standing rate : generations.rates(exchange.caller())) {
        String unit = rate.unit().wireName();
        exchange.put("x-ratelimit-limit-" + unit, Long.toString(rate.limit()));
        exchange.put("x-ratelimit-remaining-" + unit, Long.toString(rate.remaining()));
        exchange.put("x-ratelimit-reset-" + unit, shown(rate.reset()));
      }
    }
  }

  /** {@code 250ms}, {@code 1.5s}, as OpenAI writes it. */
  private static String shown(Duration time) {
    long millis = time.toMillis();
    return millis < 1000
        ? millis + "ms"
        : java.math.BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
  }

  private Duration answerWithin(Caller caller) {
    Duration own = caller.terms().answerWithin();
    return own == null || own.compareTo(answerWithin) > 0 ? answerWithin : own;
  }

  private static GatewayException unfinished(Generation generation, Duration answerWithin) {
    String where = "ask GET /v1/images/generations/" + generation.id();
    return generation.state() == State.UNCERTAIN
        ? new GatewayException(
                ErrorCode.OUTCOME_UNKNOWN,
                "The provider's answer to this request was lost. Its list of tasks is searched for"
                    + " it, and it is not sent again before that: "
                    + where)
            .of(generation.id())
        : new GatewayException(
                ErrorCode.STILL_RUNNING,
                "The picture is not ready after %d seconds. It goes on: %s"
                    .formatted(answerWithin.toSeconds(), where))
            .of(generation.id());
  }

  private void write(Exchange exchange, Generation generation) throws IOException {
    Map<Integer, String> signed = view.links(links.base(exchange), generation);
    Answer answer =
        new Answer()
            .text(
                "{\"id\":%s,\"created\":%d,\"data\":["
                    .formatted(quoted(generation.id()), GenerationView.created(generation)));
    String separator = "";
    for (Picture picture : generation.pictures()) {
      StoredImage stored = picture.stored();
      if (stored == null) {
        continue;
      }
      answer.text(separator);
      if (generation.request().responseFormat() == ResponseFormat.B64_JSON) {
        answer.text("{\"b64_json\":\"").base64(bytes(stored, generation)).text("\"}");
      } else {
        answer.text("{\"url\":%s}".formatted(quoted(String.valueOf(signed.get(picture.index())))));
      }
      separator = ",";
    }
    answer.text("]");
    member(answer, "metadata", GenerationView.metadata(generation, signed));
    member(answer, "warnings", GenerationView.warnings(generation));
    answer.text("}");
    if (generation.cost() != null) {
      exchange.put("x-moongate-cost", generation.cost().toString());
    }
    try (OutputStream out = exchange.begin(200, "application/json", answer.length())) {
      answer.writeTo(out);
    }
  }

  private ImageBytes bytes(StoredImage image, Generation generation) {
    return store
        .find(image.storageKey())
        .orElseThrow(() ->
            new GatewayException(
                    ErrorCode.IMAGE_LOST, "A stored picture is gone from the gateway's store")
                .of(generation.id()));
  }

  private static void member(
      Answer answer, String name, @org.jspecify.annotations.Nullable JsonNode value) {
    if (value != null) {
      answer.text(",\"" + name + "\":").text(Wire.text(value));
    }
  }

  private static String quoted(String text) {
    return Wire.text(tools.jackson.databind.node.StringNode.valueOf(text));
  }
}
