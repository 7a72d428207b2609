package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.hangUp;
import static dev.moongate.testing.StandInUpstream.html;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.reset;
import static dev.moongate.testing.StandInUpstream.truncated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Attempts;
import dev.moongate.testing.DeafPort;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the caller and the ledger see when the provider or its links misbehave. */
@Timeout(300)
class UpstreamTroubleTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400,DataInspectionFailed,400 content_policy_violation",
    "400,InvalidParameter,400 upstream_refused",
    "400,Arrearage,503 provider_unavailable",
    "401,InvalidApiKey,502 upstream_credentials",
    "403,AllocationQuota.FreeTierOnly,503 provider_unavailable"
  })
  void refusalsAreToldInOurWordsAndCostNothing(int status, String code, String told) {
    upstream.respond(ASYNC, json(status, error(code, "no")));
    Answer answer = moongate.generate(BODY);
    assertThat(answer.error()).isEqualTo(told);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(upstream.received(ASYNC)).hasSize(1);
    assertThat(ledger()).containsExactly("HOLD|500000", "RELEASE|500000");
  }

  @Test
  void throttlingIsWaitedOutAndNeverShown() {
    byte[] picture = png(10, 10, 1);
    delivering(upstream, picture);
    upstream.respond(
        ASYNC,
        json(429, error("Throttling.RateQuota", "slow down")),
        json(429, error("Throttling", "slow down")),
        accepted());
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.received(ASYNC)).hasSize(3);
    assertThat(ledger()).containsExactly("CHARGE|500000", "COST|500000", "HOLD|500000");
  }

  @Test
  void providerThatCannotBeReachedIsTriedAFewTimesAndCostsNothing() throws IOException {
    moongate.close();
    Answer answer;
    try (DeafPort nobody = new DeafPort()) {
      moongate = MoongateHarness.before(home, nobody.uri(), Mode.ASYNC);
      answer = moongate.generate(BODY);
    }
    assertThat(answer.error()).isEqualTo("502 upstream_unreachable");
    assertThat(answer.header("x-should-retry")).isEqualTo("true");
    assertThat(Attempts.of(moongate, "outcome"))
        .containsExactly("NOT_SENT", "NOT_SENT", "NOT_SENT");
    assertThat(ledger()).containsExactly("HOLD|500000", "RELEASE|500000");
  }

  @Test
  void failedTaskOfTheVendorsFaultIsTriedAgainAsANewAttempt() {
    String second = "task-2";
    upstream.respond("/picture-0.png", bytes(200, "image/png", png(10, 10, 2)));
    upstream.respond(
        ASYNC,
        accepted(),
        json(
            200,
            """
            {"request_id":"req-submit","output":{"task_id":"task-2","task_status":"PENDING"}}\
            """));
    upstream.respond(
        TASK,
        json(
            200,
            """
            {"request_id":"r","output":{"task_id":"task-1","task_status":"FAILED","code":"InternalError.Algo","message":"oops"}}\
            """));
    upstream.respond(
        TASK.replace("task-1", second),
        json(200, succeeded(List.of(upstream.url("/picture-0.png"))).replace("task-1", second)));
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(Attempts.of(moongate, "outcome")).containsExactly("FAILED_UNBILLED", "SUCCEEDED");
  }

  @Test
  void taskThatFailsByThrottlingIsTriedAgainMoreAndMoreSlowly() {
    upstream.respond("/picture-0.png", bytes(200, "image/png", png(10, 10, 2)));
    upstream.respond(ASYNC, acceptedAs("task-1"), acceptedAs("task-2"), acceptedAs("task-3"));
    for (String task : List.of("task-1", "task-2")) {
      upstream.respond(
          TASK.replace("task-1", task),
          json(
              200,
              """
              {"request_id":"r","output":{"task_id":"%s","task_status":"FAILED","code":"Throttling","message":"slow"}}\
              """
                  .formatted(task)));
    }
    upstream.respond(
        TASK.replace("task-1", "task-3"),
        json(200, succeeded(List.of(upstream.url("/picture-0.png"))).replace("task-1", "task-3")));
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(Attempts.of(moongate, "outcome"))
        .containsExactly("THROTTLED", "THROTTLED", "SUCCEEDED");
    List<Long> intents =
        moongate.rows("SELECT intent_at FROM attempt WHERE task IS NOT NULL ORDER BY no").stream()
            .map(Long::valueOf)
            .toList();
    assertThat(intents.get(2) - intents.get(1)).isGreaterThanOrEqualTo(2_000_000);
  }

  private static StandInUpstream.Handler acceptedAs(String task) {
    return json(
        200,
        "{\"request_id\":\"r\",\"output\":{\"task_id\":\"%s\",\"task_status\":\"PENDING\"}}"
            .formatted(task));
  }

  @Test
  void pollsThatGoWrongAreAskedAgain() {
    delivering(upstream, png(10, 10, 3));
    upstream.respond(
        TASK, html(502), hangUp(), json(200, succeeded(List.of(upstream.url("/picture-0.png")))));
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.received(ASYNC)).hasSize(1);
  }

  @Test
  void linkThatIsDeadIsAskedForAnewAndThenLostAndTheOthersAreKept() {
    byte[] good = png(10, 10, 4);
    upstream.respond(ASYNC, accepted());
    upstream.respond("/good.png", bytes(200, "image/png", good));
    upstream.respond("/dead.png", html(404));
    upstream.respond(
        TASK, json(200, succeeded(List.of(upstream.url("/good.png"), upstream.url("/dead.png")))));
    Answer answer = moongate.generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"n\":2}");
    assertThat(answer.error()).isEqualTo("502 image_lost");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(upstream.received("/dead.png")).hasSize(6);
    assertThat(upstream.received(TASK)).hasSize(2);
    Answer generation =
        moongate.get("/v1/images/generations/" + answer.header("x-moongate-generation"));
    assertThat(generation.json().path("status").stringValue()).isEqualTo("failed");
    assertThat(generation.json().path("data")).hasSize(1);
    assertThat(ledger())
        .containsExactly("CHARGE|500000", "COST|1000000", "HOLD|1000000", "RELEASE|500000");
  }

  @Test
  void linksThatBreakOrLeadInsideTheHouseAreLostAfterThreeTriesAndThreeMore() {
    byte[] good = png(10, 10, 4);
    try (StandInUpstream inside = new StandInUpstream()) {
      String forbidden = "http://localhost:" + inside.port() + "/secret.png";
      upstream.respond(ASYNC, accepted());
      upstream.respond("/cut.png", truncated(200, "image/png", good, good.length - 20));
      upstream.respond("/reset.png", reset());
      upstream.respond("/away.png", json(302, Map.of("Location", forbidden), ""));
      List<String> links =
          List.of(
              upstream.url("/cut.png"),
              upstream.url("/reset.png"),
              upstream.url("/away.png"),
              forbidden);
      upstream.respond(TASK, json(200, succeeded(links)));
      Answer answer =
          moongate.generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"n\":4}");
      assertThat(answer.error()).isEqualTo("502 image_lost");
      for (String path : List.of("/cut.png", "/reset.png", "/away.png")) {
        assertThat(upstream.received(path)).hasSize(6);
      }
      assertThat(inside.connections()).isZero();
      assertThat(ledger()).containsExactly("COST|2000000", "HOLD|2000000", "RELEASE|2000000");
    }
  }

  private List<String> ledger() {
    return moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind");
  }
}
