package dev.moongate.provider.dashscope;

import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.hangUp;
import static dev.moongate.testing.StandInUpstream.html;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.raw;
import static dev.moongate.testing.StandInUpstream.reset;
import static dev.moongate.testing.StandInUpstream.silence;
import static dev.moongate.testing.StandInUpstream.truncated;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.error.ErrorCode;
import dev.moongate.provider.Egress;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.provider.ProviderOutcome.Accepted;
import dev.moongate.provider.ProviderOutcome.Ambiguous;
import dev.moongate.provider.ProviderOutcome.NotSent;
import dev.moongate.provider.ProviderOutcome.OfSubmit;
import dev.moongate.provider.ProviderOutcome.Rejected;
import dev.moongate.provider.ProviderOutcome.Succeeded;
import dev.moongate.provider.ProviderOutcome.Unwritable;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.Refusal.Next;
import dev.moongate.provider.Submission;
import dev.moongate.testing.Await;
import dev.moongate.testing.DeafPort;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.StandInUpstream.Handler;
import dev.moongate.testing.StandInUpstream.Received;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class SubmitOutcomeTest {
  private static final String ASYNC = "/api/v1/services/aigc/image-generation/generation";
  private static final String SYNC = "/api/v1/services/aigc/multimodal-generation/generation";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

  private final StandInUpstream upstream = new StandInUpstream();
  private final HttpCalls calls = new HttpCalls(Egress.DIRECT);
  private final DashScopeProvider async = provider(upstream.uri(), Mode.ASYNC);
  private final DashScopeProvider sync = provider(upstream.uri(), Mode.SYNC);

  @AfterEach
  void stop() {
    calls.close();
    upstream.close();
  }

  private DashScopeProvider provider(URI base, Mode mode) {
    return new DashScopeProvider(base, mode, calls, CLOCK);
  }

  private OfSubmit submitAsync(Handler answer) {
    upstream.respond(ASYNC, answer);
    OfSubmit outcome = async.submit(SubmissionFixtures.ofPrompt("a shop"));
    assertThat(upstream.received(ASYNC)).as("sent once").hasSize(1);
    return outcome;
  }

  private OfSubmit submitSync(Handler answer) {
    upstream.respond(SYNC, answer);
    OfSubmit outcome = sync.submit(SubmissionFixtures.ofPrompt("a shop"));
    assertThat(upstream.received(SYNC)).as("sent once").hasSize(1);
    return outcome;
  }

  @Test
  void aTaskIdIsAnAcceptance() {
    assertThat(
            submitAsync(
                json(
                    200,
                    "{\"request_id\":\"r-1\",\"output\":{\"task_id\":\"0385-a\",\"task_status\":\"PENDING\"}}")))
        .isEqualTo(new Accepted("0385-a", "r-1"));
    StandInUpstream.Received request = upstream.received().getFirst();
    assertThat(request.header("Authorization")).isEqualTo("Bearer sk-test-0123456789abcdef");
    assertThat(request.header("X-DashScope-Async")).isEqualTo("enable");
    assertThat(request.headers().keySet())
        .containsExactlyInAnyOrder(
            "host",
            "user-agent",
            "accept",
            "accept-encoding",
            "content-type",
            "content-length",
            "authorization",
            "x-dashscope-async");
    assertThat(request.header("User-Agent")).isEqualTo("moongate");
    assertThat(request.header("Accept-Encoding")).isEqualTo("identity");
  }

  @Test
  void aSynchronousAnswerIsTheWholeResult() {
    OfSubmit outcome =
        submitSync(
            json(
                200,
                """
                {"request_id":"r","output":{"choices":[{"finish_reason":"stop","message":{"role":
                "assistant","content":[{"type":"image","image":"http://a/1.png?x=1"}]}}]},
                "usage":{"image_count":1}}\
                """));
    assertThat(outcome).isInstanceOf(Succeeded.class);
    assertThat(((Succeeded) outcome).links()).containsExactly("http://a/1.png?x=1");
    assertThat(upstream.received().getFirst().header("X-DashScope-Async")).isNull();
  }

  @Test
  void row109NoConnectionIsNotSent() throws IOException {
    try (DeafPort nobody = new DeafPort()) {
      for (URI base :
          List.of(
              nobody.uri(),
              URI.create("http://does-not-exist.invalid"),
              URI.create(upstream.uri().toString().replace("http", "https")))) {
        assertThat(
                provider(base, Mode.ASYNC)
                    .submit(
                        SubmissionFixtures.within(
                            Duration.ofSeconds(1), SubmissionFixtures.ofPrompt("x"))))
            .as(base.toString())
            .isInstanceOf(NotSent.class);
      }
    }
  }

  @Test
  void requestWhosePictureIsGoneIsNotHeldAgainstTheProvider() {
    Submission complete = SubmissionFixtures.withPicture(10);
    assertThat(
            async.submit(
                new Submission(
                    complete.request(),
                    complete.upstreamModel(),
                    complete.key(),
                    _ -> {
                      throw new UncheckedIOException(new FileNotFoundException("ab"));
                    },
                    complete.timeout(),
                    complete.maySend())))
        .isInstanceOf(Unwritable.class);
    assertThat(upstream.connections()).isZero();
  }

  @Test
  void row110AResetBeforeTheLastByteIsNotSent() {
    upstream.respondAfter(ASYNC, 100_000, reset());
    assertThat(async.submit(SubmissionFixtures.withPicture(15_000_000)))
        .isInstanceOf(NotSent.class);
    upstream.respondAfter(ASYNC, 100_000, hangUp());
    assertThat(async.submit(SubmissionFixtures.withPicture(15_000_000)))
        .isInstanceOf(NotSent.class);
  }

  @Test
  void row110AnUpstreamThatStopsReadingIsNotSentWhenTheTimeIsUp() {
    upstream.respondAfter(ASYNC, 100_000, silence());
    assertThat(
            async.submit(
                SubmissionFixtures.within(
                    Duration.ofMillis(700), SubmissionFixtures.withPicture(15_000_000))))
        .isInstanceOf(NotSent.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000, 3_000_000})
  void row111NoAnswerAfterTheLastByteIsAmbiguous(int pictureBytes) {
    upstream.respond(ASYNC, reset(), hangUp());
    for (int i = 0; i < 2; i++) {
      assertThat(async.submit(SubmissionFixtures.withPicture(pictureBytes)))
          .isInstanceOf(Ambiguous.class);
    }
    assertThat(upstream.received()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000, 3_000_000})
  void row111SilenceAfterTheLastByteIsAmbiguous(int pictureBytes) {
    upstream.respond(ASYNC, silence());
    assertThat(onceItIsSent(SubmissionFixtures.withPicture(pictureBytes)))
        .isInstanceOf(Ambiguous.class);
    Await.until("it had arrived", () -> upstream.received().stream().anyMatch(Received::whole));
  }

  /**
   * With more time for each try, until it is not the sending that a slow machine took all of it
   * for.
   */
  private OfSubmit onceItIsSent(Submission submission) {
    for (int seconds = 1; ; seconds *= 2) {
      long arrived = upstream.received().stream().filter(Received::whole).count();
      OfSubmit outcome =
          async.submit(SubmissionFixtures.within(Duration.ofSeconds(seconds), submission));
      if (!(outcome instanceof NotSent)) {
        return outcome;
      }
      assertThat(seconds).as("seconds that were not enough").isLessThan(60);
      assertThat(upstream.received().stream().filter(Received::whole))
          .as("what was not sent has not arrived")
          .hasSize((int) arrived);
    }
  }

  @Test
  void row112EverySubmitHasItsOwnConnection() {
    upstream.respond(ASYNC, json(200, "{\"output\":{\"task_id\":\"t\"}}"));
    async.submit(SubmissionFixtures.ofPrompt("x"));
    async.submit(SubmissionFixtures.ofPrompt("x"));
    assertThat(upstream.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"3,3", "'Tue, 24 Nov 2026 12:00:07 GMT',7", "-,-", "1849295,60", "-5,-", "abc,-"})
  void row113ThrottlingWaitsAsLongAsAsked(String header, Long seconds) {
    OfSubmit outcome =
        submitAsync(
            json(
                429,
                header == null ? Map.of() : Map.of("Retry-After", header),
                "{\"code\":\"Throttling.RateQuota\",\"message\":\"Requests rate limit"
                    + " exceeded\"}"));
    Refusal refusal = ((Rejected) outcome).refusal();
    assertThat(refusal.next()).isEqualTo(Next.THROTTLED);
    assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(refusal.retryAfter())
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "429,Throttling.AllocationQuota,ACCOUNT,PROVIDER_UNAVAILABLE",
    "429,insufficient_quota,ACCOUNT,PROVIDER_UNAVAILABLE",
    "400,Arrearage,ACCOUNT,PROVIDER_UNAVAILABLE",
    "403,AllocationQuota.FreeTierOnly,ACCOUNT,PROVIDER_UNAVAILABLE",
    "403,AccessDenied.Unpurchased,ACCOUNT,PROVIDER_UNAVAILABLE",
    "404,ModelNotFound,ACCOUNT,PROVIDER_UNAVAILABLE",
    "401,InvalidApiKey,ACCOUNT,UPSTREAM_CREDENTIALS",
    "401,invalid_api_key,ACCOUNT,UPSTREAM_CREDENTIALS",
    "401,NOT AUTHORIZED,ACCOUNT,UPSTREAM_CREDENTIALS",
    "403,SomethingNew,ACCOUNT,PROVIDER_UNAVAILABLE",
    "400,InvalidParameter,END,UPSTREAM_REFUSED",
    "400,InvalidParameter.Whatever,END,UPSTREAM_REFUSED",
    "400,InternalError.Algo.InvalidParameter,END,UPSTREAM_REFUSED",
    "400,InternalError.Algo,END,UPSTREAM_REFUSED",
    "418,SomethingNew,END,UPSTREAM_REFUSED",
    "400,DataInspectionFailed,END,CONTENT_POLICY_VIOLATION",
    "400,data_inspection_failed,END,CONTENT_POLICY_VIOLATION",
    "400,IPInfringementSuspect,END,CONTENT_POLICY_VIOLATION",
    "429,Throttling,THROTTLED,RATE_LIMIT_EXCEEDED",
    "400,Throttling.BurstRate,THROTTLED,RATE_LIMIT_EXCEEDED",
    "429,SomethingNew,THROTTLED,RATE_LIMIT_EXCEEDED",
    "500,InternalError,RETRY_FEW,UPSTREAM_FAILED",
    "500,InternalError.Upload,RETRY_FEW,UPSTREAM_FAILED",
    "503,ModelUnavailable,RETRY_FEW,UPSTREAM_FAILED",
    "500,InternalError.Algo,RETRY_FEW,UPSTREAM_FAILED",
    "500,InternalError.FileUpload,RETRY_FEW,UPSTREAM_FAILED",
    "400,InternalError.SomethingNew,END,UPSTREAM_REFUSED",
    "200,InvalidParameter,END,UPSTREAM_REFUSED",
    "200,SomethingNew,END,UPSTREAM_FAILED"
  })
  void rows114To118TheCodeDecides(int status, String code, Next next, ErrorCode told) {
    OfSubmit outcome =
        submitAsync(
            json(status, "{\"request_id\":\"r9\",\"code\":\"" + code + "\",\"message\":\"m\"}"));
    assertThat(outcome).isInstanceOf(Rejected.class);
    Rejected rejected = (Rejected) outcome;
    assertThat(rejected.refusal().next()).isEqualTo(next);
    assertThat(rejected.refusal().code()).isEqualTo(told);
    assertThat(rejected.refusal().vendorCode()).isEqualTo(code);
    assertThat(rejected.requestId()).isEqualTo("r9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "num_images_per_prompt must be 1|n", "Range of n should be [1, 4]|n",
        "color_palette ratio must sum to 100|color_palette", "parameters.size is invalid|size",
        "The size of the body is fine, the sun is not|-", "bbox_list length mismatch|bbox_list"
      })
  void row116TheVendorsMessageNamesTheParameter(String message, String param) {
    OfSubmit outcome =
        submitAsync(json(400, "{\"code\":\"InvalidParameter\",\"message\":\"" + message + "\"}"));
    assertThat(((Rejected) outcome).refusal().param()).isEqualTo(param);
    assertThat(((Rejected) outcome).refusal().message()).contains(message);
  }

  @Test
  void noKeyAndNoAddressOfOursReachesTheCaller() {
    String leaky =
        "key sk-test-0123456789abcdef of https://ws-1.cn-beijing.maas.aliyuncs.com/api/v1?k=1 and"
            + " ws-1.cn-beijing.maas.aliyuncs.com is wrong; Bearer abcdefghijk";
    OfSubmit outcome =
        submitAsync(json(400, "{\"code\":\"InvalidParameter\",\"message\":\"" + leaky + "\"}"));
    assertThat(((Rejected) outcome).refusal().message())
        .doesNotContain("0123456789", "aliyuncs", "ws-1", "abcdefghijk")
        .contains("is wrong");
  }

  @Test
  void aQuoteOfTheVendorIsCut() {
    OfSubmit outcome =
        submitAsync(
            json(
                400,
                "{\"code\":\"InvalidParameter\",\"message\":\"" + "界🌙".repeat(5_000) + "\"}"));
    assertThat(((Rejected) outcome).refusal().message().length()).isLessThan(800);
  }

  @Test
  void row118ExhaustionInTheMessageEndsTheThrottling() {
    OfSubmit outcome =
        submitAsync(
            json(
                429,
                Map.of("Retry-After", "1849295"),
                "{\"code\":\"Throttling\",\"message\":\"monthly quota exhausted\"}"));
    assertThat(((Rejected) outcome).refusal().next()).isEqualTo(Next.ACCOUNT);
    assertThat(((Rejected) outcome).refusal().retryAfter()).isEqualTo(Duration.ofSeconds(1849295));
  }

  @ParameterizedTest
  @CsvSource({
    "500,RequestTimeOut",
    "408,RequestTimeOut",
    "500,ResponseTimeout",
    "500,InternalError.Timeout",
    "200,InternalError.Timeout",
    "500,InternalError.SomethingNew",
    "503,ModelUnavailable.SomethingNew",
    "200,InternalError.SomethingNew"
  })
  void row119ATimeoutAndAnErrorThatNobodyHeardOfAreAmbiguous(int status, String code) {
    String body = "{\"code\":\"" + code + "\",\"message\":\"m\"}";
    assertThat(submitSync(json(status, body))).isInstanceOf(Ambiguous.class);
    assertThat(submitAsync(json(status, body))).isInstanceOf(Ambiguous.class);
  }

  static Stream<Arguments> unusable() {
    return Stream.of(
        Arguments.of("502 of a load balancer", html(502)),
        Arguments.of("503 of a load balancer", html(503)),
        Arguments.of("500 without a code", json(500, "{\"message\":\"x\"}")),
        Arguments.of("500 with a new code", json(500, "{\"code\":\"SomethingNew\"}")),
        Arguments.of("200 with HTML", html(200)),
        Arguments.of("200 empty", json(200, "")),
        Arguments.of("200 truncated JSON", json(200, "{\"output\":{\"task_id\":\"t\"")),
        Arguments.of("200 with an array", json(200, "[]")),
        Arguments.of("200 with null", json(200, "null")),
        Arguments.of("200 no task", json(200, "{\"output\":{}}")),
        Arguments.of("task_id null", json(200, "{\"output\":{\"task_id\":null}}")),
        Arguments.of("task_id number", json(200, "{\"output\":{\"task_id\":17}}")),
        Arguments.of("task_id path", json(200, "{\"output\":{\"task_id\":\"../x\"}}")),
        Arguments.of("task_id SQL", json(200, "{\"output\":{\"task_id\":\"'; drop\"}}")),
        Arguments.of(
            "task_id 10 KB", json(200, "{\"output\":{\"task_id\":\"" + "a".repeat(10240) + "\"}}")),
        Arguments.of("204", raw("HTTP/1.1 204 X\r\n\r\n")),
        Arguments.of("407", html(407)),
        Arguments.of("418", html(418)),
        Arguments.of("404 HTML", html(404)),
        Arguments.of("status 600", raw("HTTP/1.1 600 X\r\nContent-Length: 2\r\n\r\n{}")),
        Arguments.of("negative status", raw("HTTP/1.1 -1 X\r\nContent-Length: 2\r\n\r\n{}")),
        Arguments.of("no HTTP", raw("SSH-2.0-OpenSSH\r\n\r\n")),
        Arguments.of("101", raw("HTTP/1.1 101 X\r\n\r\n")),
        Arguments.of(
            "gzip asked by nobody",
            json(200, Map.of("Content-Encoding", "gzip"), "{\"output\":{\"task_id\":\"t\"}}")),
        Arguments.of("headers without end", raw("HTTP/1.1 200 X\r\nA: " + "a".repeat(200_000))),
        Arguments.of(
            "body without end",
            bytes(200, "application/json", (" ".repeat(2 << 20) + "{}").getBytes(UTF_8))),
        Arguments.of(
            "body shorter than announced",
            truncated(
                200, "application/json", "{\"output\":{\"task_id\":\"t\"}}".getBytes(UTF_8), 20)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  void rows119To124WhatMakesNoSenseIsAmbiguous(String name, Handler answer) {
    assertThat(submitAsync(answer)).as(name).isInstanceOf(Ambiguous.class);
  }

  @Test
  void row120AWrongContentTypeDoesNotSpoilGoodJson() {
    assertThat(
            submitAsync(
                bytes(200, "text/html", "{\"output\":{\"task_id\":\"t-1\"}}".getBytes(UTF_8))))
        .isEqualTo(new Accepted("t-1", null));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void row123NoRedirectIsFollowed(int status) {
    upstream.respond("/elsewhere", json(200, "{\"output\":{\"task_id\":\"t\"}}"));
    assertThat(submitAsync(json(status, Map.of("Location", "/elsewhere"), "")))
        .isInstanceOf(Ambiguous.class);
    assertThat(upstream.received("/elsewhere")).isEmpty();
  }

  @Test
  void row123NoCredentialIsOfferedTwice() {
    assertThat(submitAsync(json(401, Map.of("WWW-Authenticate", "Basic realm=\"x\""), "{}")))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void row124OneByteAndThenSilenceEndsWithTheTime() {
    upstream.respond(
        ASYNC,
        (_, reply) -> {
          reply.raw("HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\n{");
          reply.hang();
        });
    assertThat(onceItIsSent(SubmissionFixtures.ofPrompt("x"))).isInstanceOf(Ambiguous.class);
  }

  @Test
  void row125AnAnswerBeforeTheWholeRequestIsUsed() {
    upstream.respondAfter(
        ASYNC,
        1_000,
        (_, reply) -> {
          reply.send(400, Map.of(), "{\"code\":\"InvalidParameter\",\"message\":\"m\"}");
          reply.hang();
        });
    assertThat(async.submit(SubmissionFixtures.withPicture(15_000_000)))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void row125AnEarlyAnswerThatMakesNoSenseLeavesTheRequestUnsent() {
    upstream.respondAfter(
        ASYNC,
        1_000,
        (_, reply) -> {
          reply.send(413, Map.of(), "<html>");
          reply.hang();
        });
    assertThat(async.submit(SubmissionFixtures.withPicture(15_000_000)))
        .isInstanceOf(NotSent.class);
  }

  @Test
  void row125OfTwoAnswersTheFirstCounts() {
    String one = "HTTP/1.1 200 X\r\nContent-Length: 29\r\n\r\n{\"output\":{\"task_id\":\"t-%d\"}} ";
    assertThat(submitAsync(raw(one.formatted(1) + one.formatted(2))))
        .isEqualTo(new Accepted("t-1", null));
  }

  @Test
  void hundredsOfSubmitsWaitAtOnce() throws Exception {
    CountDownLatch allThere = new CountDownLatch(300);
    upstream.respond(
        ASYNC,
        (_, reply) -> {
          allThere.countDown();
          allThere.await();
          reply.send(200, Map.of(), "{\"output\":{\"task_id\":\"t\"}}");
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<OfSubmit>> outcomes =
          IntStream.range(0, 300)
              .mapToObj(
                  _ -> threads.submit(() -> async.submit(SubmissionFixtures.withPicture(50_000))))
              .toList();
      for (Future<OfSubmit> outcome : outcomes) {
        assertThat(outcome.get()).isInstanceOf(Accepted.class);
      }
    }
  }

  @Test
  void whatMayNotBeSentAnyMoreIsNotSent() {
    upstream.respond(ASYNC, json(200, "{\"output\":{\"task_id\":\"t\"}}"));
    assertThat(
            async.submit(
                SubmissionFixtures.ifAllowed(() -> false, SubmissionFixtures.ofPrompt("x"))))
        .isEqualTo(new NotSent("no answer: it came too late to be sent"));
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void aShortenedStoredPictureIsNotSent() {
    var whole = SubmissionFixtures.withPicture(3_000_000);
    var submission =
        new dev.moongate.provider.Submission(
            whole.request(),
            whole.upstreamModel(),
            whole.key(),
            stored ->
                new dev.moongate.image.ImageBytes() {
                  @Override
                  public long size() {
                    return stored.bytes();
                  }

                  @Override
                  public java.io.InputStream open(long offset) {
                    return new java.io.ByteArrayInputStream(new byte[1_000]);
                  }
                },
            whole.timeout(),
            whole.maySend());
    upstream.respond(ASYNC, json(200, "{\"output\":{\"task_id\":\"t\"}}"));
    assertThat(async.submit(submission)).isInstanceOf(NotSent.class);
  }
}
