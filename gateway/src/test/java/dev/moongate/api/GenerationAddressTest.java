package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Attempts;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.HttpSettingsBuilder;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Seam;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A generation at its own address: asked for, waited for, listed, cancelled, deleted. */
class GenerationAddressTest extends GatewayFixture {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final String LIST = "/v1/images/generations";

  private String begun() {
    Answer answer = moongate.generate(BODY, "Prefer", "respond-async");
    assertThat(answer.status()).isEqualTo(202);
    return answer.json().path("id").stringValue();
  }

  private Answer show(String id) {
    return moongate.get(LIST + "/" + id);
  }

  private String status(String id) {
    return show(id).json().path("status").stringValue();
  }

  @Test
  void respondAsyncAnswersAtOnceWithTheAddress() {
    upstream.state("RUNNING");
    Answer answer = moongate.generate(BODY, "Prefer", "respond-async");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Preference-Applied")).isEqualTo("respond-async");
    JsonNode json = answer.json();
    assertThat(json.path("object").stringValue()).isEqualTo("image.generation");
    assertThat(json.path("status").stringValue()).isIn("queued", "running");
    assertThat(json.path("model").stringValue()).isEqualTo("wan2.7-image-pro");
    assertThat(json.has("data")).isFalse();
    String location = answer.header("Location");
    assertThat(location).isEqualTo(moongate.uri() + LIST + "/" + json.path("id").stringValue());
    upstream.state("SUCCEEDED");
    JsonNode ended = moongate.get(URI.create(location).getPath() + "?wait=60").json();
    assertThat(ended.path("status").stringValue()).isEqualTo("succeeded");
    assertThat(ended.path("data").path(0).path("url").stringValue()).startsWith("http://");
    assertThat(ended.path("cost").path("amount").doubleValue()).isEqualTo(0.5);
  }

  @Test
  void preferWaitAnswersWithThePictureOrAfterThatManySeconds() {
    upstream.state("RUNNING");
    Answer early = moongate.generate(BODY, "Prefer", "wait=1");
    assertThat(early.status()).isEqualTo(202);
    assertThat(early.header("Preference-Applied")).isEqualTo("wait=1");
    upstream.state("SUCCEEDED");
    Answer done = moongate.generate(BODY, "Prefer", "wait=50");
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.header("Preference-Applied")).isEqualTo("wait=50");
    assertThat(done.json().path("data").path(0).has("url")).isTrue();
  }

  @Test
  void queuedGenerationsShowTheirPlace() {
    upstream.state("RUNNING");
    for (int i = 0; i < 5; i++) {
      begun();
    }
    String sixth = begun();
    String seventh = begun();
    Await.until(
        "five run",
        () -> moongate.rows("SELECT 1 FROM generation WHERE state = 'SUBMITTED'").size() == 5);
    assertThat(show(sixth).json().path("queue").path("position").intValue()).isEqualTo(1);
    assertThat(show(seventh).json().path("queue").path("position").intValue()).isEqualTo(2);
    assertThat(show(seventh).json().path("queue").path("estimated_seconds").intValue())
        .isEqualTo(40);
    assertThat(show(seventh).json().path("status").stringValue()).isEqualTo("queued");
  }

  @Test
  void listIsNewestFirstInPagesAndFiltered() {
    List<String> ids = List.of(begun(), begun(), begun());
    ids.forEach(id -> moongate.get(LIST + "/" + id + "?wait=60"));
    JsonNode page = moongate.get(LIST + "?limit=2").json();
    assertThat(page.path("object").stringValue()).isEqualTo("list");
    assertThat(page.path("data").path(0).path("id").stringValue()).isEqualTo(ids.get(2));
    assertThat(page.path("last_id").stringValue()).isEqualTo(ids.get(1));
    assertThat(page.path("has_more").booleanValue()).isTrue();
    JsonNode rest = moongate.get(LIST + "?limit=2&after=" + ids.get(1)).json();
    assertThat(rest.path("data")).hasSize(1);
    assertThat(rest.path("has_more").booleanValue()).isFalse();
    assertThat(moongate.get(LIST + "?status=succeeded").json().path("data")).hasSize(3);
    assertThat(moongate.get(LIST + "?status=failed").json().path("data")).isEmpty();
    assertThat(moongate.get(LIST + "?model=wan2.7-image").json().path("data")).isEmpty();
    assertThat(moongate.get(LIST + "?created_before=1000").json().path("data")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=x,limit",
    "status=done,status",
    "created_after=-1,created_after",
    "created_after=1&created_after=2,created_after",
    "page=2,page"
  })
  void badListQueriesAreRefusedByName(String query, String param) {
    Answer answer = moongate.get(LIST + "?" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.param()).isEqualTo(param);
  }

  @Test
  void waitIsFromZeroToSixtySeconds() {
    String id = begun();
    assertThat(moongate.get(LIST + "/" + id + "?wait=61").param()).isEqualTo("wait");
    assertThat(moongate.get(LIST + "/" + id + "?wait=0").status()).isEqualTo(200);
  }

  @Test
  void waitingGenerationIsCancelledForFree() {
    upstream.state("RUNNING");
    for (int i = 0; i < 5; i++) {
      begun();
    }
    String sixth = begun();
    Answer cancelled = moongate.post(LIST + "/" + sixth + "/cancel", "");
    assertThat(cancelled.json().path("status").stringValue()).isEqualTo("cancelled");
    assertThat(moongate.post(LIST + "/" + sixth + "/cancel", "").status()).isEqualTo(200);
    assertThat(money(sixth)).containsExactly("HOLD", "RELEASE");
  }

  @Test
  void taskThatHasNotBegunIsCancelledAtTheProvider() {
    upstream.state("PENDING");
    String id = begun();
    Await.until("it is submitted", () -> upstream.submits() == 1);
    Answer cancelled = moongate.post(LIST + "/" + id + "/cancel", "");
    assertThat(cancelled.json().path("status").stringValue()).isEqualTo("cancelled");
    assertThat(upstream.http().received("/api/v1/tasks/task-1/cancel")).hasSize(1);
    assertThat(money(id)).containsExactly("HOLD", "RELEASE");
  }

  @Test
  void everybodyWhoCancelsAtOnceIsToldThatItIsCancelled() throws Exception {
    upstream.state("PENDING");
    String id = begun();
    Await.until("it is submitted", () -> upstream.submits() == 1);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls =
          Collections.nCopies(8, () -> moongate.post(LIST + "/" + id + "/cancel", "").status());
      for (Future<Integer> status : callers.invokeAll(calls)) {
        assertThat(status.get()).isEqualTo(200);
      }
    }
    assertThat(upstream.http().received("/api/v1/tasks/task-1/cancel")).hasSize(1);
    assertThat(money(id)).containsExactly("HOLD", "RELEASE");
  }

  @Test
  void cancelThatTheProviderGrantedHoldsAlsoIfThePollWasFaster() {
    moongate.close();
    AtomicReference<GenerationRows> rows = new AtomicReference<>();
    moongate =
        MoongateHarness.started(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
            moongate.key(),
            settings ->
                SeamedGateway.start(
                    settings,
                    Clock.systemUTC(),
                    real -> {
                      rows.set(real);
                      return real;
                    },
                    UnaryOperator.identity(),
                    provider ->
                        Seam.around(
                            ImageProvider.class,
                            provider,
                            "tryCancel",
                            (real, _) -> {
                              Object granted = real.call();
                              moveOn(rows.get());
                              return granted;
                            })));
    upstream.state("PENDING");
    String id = begun();
    Await.until(
        "it is submitted",
        () -> moongate.rows("SELECT state FROM generation").contains("SUBMITTED"));
    Answer cancelled = moongate.post(LIST + "/" + id + "/cancel", "");
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.json().path("status").stringValue()).isEqualTo("cancelled");
    assertThat(upstream.http().received("/api/v1/tasks/task-1/cancel")).hasSize(1);
    assertThat(money(id)).containsExactly("HOLD", "RELEASE");
  }

  /** As a poll does that comes in meanwhile. */
  private void moveOn(GenerationRows rows) {
    String id = moongate.rows("SELECT id FROM generation").getFirst();
    Await.until(
        "the row has moved on",
        () ->
            rows.postpone(
                rows.find(id).orElseThrow(), Clock.systemUTC().instant().plusSeconds(20)));
  }

  @Test
  void taskAtWorkCannotBeCancelledAndGoesOn() {
    upstream.state("RUNNING");
    String id = begun();
    Await.until("it is submitted", () -> upstream.submits() == 1);
    Answer refused = moongate.post(LIST + "/" + id + "/cancel", "");
    assertThat(refused.error()).isEqualTo("400 cannot_cancel");
    upstream.state("SUCCEEDED");
    moongate.get(LIST + "/" + id + "?wait=60");
    assertThat(status(id)).isEqualTo("succeeded");
    assertThat(moongate.post(LIST + "/" + id + "/cancel", "").error())
        .isEqualTo("400 cannot_cancel");
  }

  @Test
  void cancelsOfWhatIsBeingSubmittedDoNotWaitForOneAnother() throws Exception {
    moongate.close();
    moongate =
        MoongateHarness.start(
            home,
            List.of(
                MoongateHarness.account(upstream.http().uri(), Mode.ASYNC, Duration.ofSeconds(55))),
            MoongateHarness.settings());
    upstream.fates(TaskUpstream.Fate.SILENT);
    String id = begun();
    Await.until("it is being submitted", () -> upstream.submits() == 1);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> calls =
          Collections.nCopies(6, () -> moongate.post(LIST + "/" + id + "/cancel", "").error());
      for (Future<String> told : callers.invokeAll(calls)) {
        assertThat(told.get()).isEqualTo("400 cannot_cancel");
      }
    }
    // One after another would outlast the submit.
    assertThat(moongate.rows("SELECT state FROM generation")).containsExactly("DISPATCHING");
  }

  @Test
  void taskCancelledAtTheProvidersConsoleIsCancelled() {
    upstream.state("CANCELED");
    Answer answer = moongate.generate(BODY);
    assertThat(answer.error()).isEqualTo("410 cancelled");
    assertThat(status(answer.header("x-moongate-generation"))).isEqualTo("cancelled");
  }

  @Test
  void deletedGenerationLeavesItsLedgerLinesAndNothingElse() throws Exception {
    Answer answer = moongate.generate(BODY.replace("\"x\"", "\"a secret wish\""));
    String id = answer.json().path("id").stringValue();
    String link = answer.json().path("data").path(0).path("url").stringValue();
    Answer deleted = moongate.delete(LIST + "/" + id);
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json().path("deleted").booleanValue()).isTrue();
    assertThat(show(id).error()).isEqualTo("404 not_found");
    assertThat(moongate.delete(LIST + "/" + id).error()).isEqualTo("404 not_found");
    assertThat(moongate.get(LIST).json().path("data")).isEmpty();
    assertThat(moongate.send(HttpRequest.newBuilder(URI.create(link))).status()).isEqualTo(404);
    assertThat(money(id)).containsExactly("CHARGE", "COST", "HOLD");
    try (var files = Files.walk(home.resolve("store"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
    assertThat(
            moongate.rows("SELECT COALESCE(request, '') || COALESCE(metadata, '') FROM generation"))
        .containsExactly("");
  }

  @Test
  void deletedGenerationLeavesNoWordOfWhatTheProviderSaidOfIt() {
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            StandInUpstream.json(
                400, DashScopeScripts.error("InvalidParameter", "bad prompt: a secret wish")));
    Answer refused = moongate.generate(BODY.replace("\"x\"", "\"a secret wish\""));
    assertThat(Attempts.of(moongate, "reason").getFirst()).contains("secret wish");
    moongate.delete(LIST + "/" + refused.header("x-moongate-generation"));
    assertThat(moongate.rows("SELECT DISTINCT COALESCE(reason, '') FROM attempt"))
        .containsExactly("");
    assertThat(moongate.rows("SELECT COALESCE(error_message, '') FROM generation"))
        .containsExactly("");
  }

  @Test
  void anotherProjectsGenerationIsNowhereToBeFound() {
    String id = begun();
    moongate.get(LIST + "/" + id + "?wait=60");
    Key theirs = otherProjectsKey();
    String one = LIST + "/" + id;
    assertThat(as(theirs, one, "GET").error()).isEqualTo("404 not_found");
    assertThat(as(theirs, one + "?wait=1", "GET").error()).isEqualTo("404 not_found");
    assertThat(as(theirs, one + "/cancel", "POST").error()).isEqualTo("404 not_found");
    assertThat(as(theirs, one, "DELETE").error()).isEqualTo("404 not_found");
    assertThat(as(theirs, LIST, "GET").json().path("data")).isEmpty();
    assertThat(show(id).status()).isEqualTo(200);
  }

  @Test
  void idempotencyKeysOfTwoProjectsAreNotTheSame() {
    Answer ours = moongate.generate(BODY, "Idempotency-Key", "k");
    Answer others =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve(LIST))
                .header("Authorization", "Bearer " + otherProjectsKey().text())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k")
                .POST(HttpRequest.BodyPublishers.ofString(BODY)));
    assertThat(others.status()).isEqualTo(200);
    assertThat(others.json().path("id")).isNotEqualTo(ours.json().path("id"));
    assertThat(upstream.submits()).isEqualTo(2);
  }

  private Answer as(Key key, String path, String method) {
    return moongate.send(
        HttpRequest.newBuilder(moongate.uri().resolve(path))
            .header("Authorization", "Bearer " + key.text())
            .method(method, HttpRequest.BodyPublishers.noBody()));
  }

  private Key otherProjectsKey() {
    Key key = Key.generate(new SecureRandom());
    moongate.rows(
        "INSERT INTO project (id, organisation_id, created_at) VALUES ('other', 'default', 0)"
            + " RETURNING id");
    moongate.rows(
        """
        INSERT INTO api_key (id, organisation_id, project_id, name, hash, last_four, role, origin,
          created_at)
        VALUES ('key_other', 'default', 'other', 'other', '%s', '%s', 'MEMBER', 'test', 0) RETURNING id
        """
            .formatted(key.hash().hex(), key.lastFour()));
    return key;
  }

  @Test
  void runningGenerationCannotBeDeleted() {
    upstream.state("RUNNING");
    String id = begun();
    assertThat(moongate.delete(LIST + "/" + id).error()).isEqualTo("400 not_ended");
  }

  @Test
  void answerThatTakesTooLongNamesTheGenerationAndOnlyAKnownClientMayAskAgain() {
    moongate.close();
    moongate =
        MoongateHarness.start(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
            new HttpSettingsBuilder().answerWithin(Duration.ofSeconds(1)).build());
    upstream.state("RUNNING");
    Answer plain = moongate.generate(BODY);
    assertThat(plain.error()).isEqualTo("504 still_running");
    assertThat(plain.header("x-should-retry")).isEqualTo("false");
    Answer known = moongate.generate(BODY, "Idempotency-Key", "k");
    assertThat(known.error()).isEqualTo("504 still_running");
    assertThat(known.header("x-should-retry")).isEqualTo("true");
    upstream.state("SUCCEEDED");
    Await.until(
        "it has its picture",
        () -> moongate.generate(BODY, "Idempotency-Key", "k").status() == 200);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void keyMayHaveAnEarlierAnswerThanTheServer() throws Exception {
    String id = moongate.rows("SELECT id FROM api_key").getFirst();
    try (HomeDatabase database = moongate.database()) {
      KeyRow row = database.keys().find(id).orElseThrow();
      KeyTerms terms = row.terms().answeringWithin(Duration.ofMillis(800));
      database.keys().change(row.with(row.name(), terms, null, null), "test");
    }
    upstream.state("RUNNING");
    assertThat(moongate.generate(BODY).error()).isEqualTo("504 still_running");
  }

  private List<String> money(String id) {
    return moongate.rows(
        "SELECT kind FROM ledger WHERE generation_id = '" + id + "' ORDER BY kind");
  }
}
