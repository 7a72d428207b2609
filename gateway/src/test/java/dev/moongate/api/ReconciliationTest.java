package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.TaskUpstream.Fate.ACCEPTED_UNANSWERED;
import static dev.moongate.testing.TaskUpstream.Fate.ANSWERED;
import static dev.moongate.testing.TaskUpstream.Fate.ANSWERED_WITH_ANOTHER;
import static dev.moongate.testing.TaskUpstream.Fate.DROPPED;
import static dev.moongate.testing.TaskUpstream.Fate.SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Attempts;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A submit whose answer is lost is found again, or proven never to have arrived. */
@Timeout(300)
class ReconciliationTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final long HOUR = 3_600_000;

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private MoongateHarness moongate;

  @AfterEach
  void stop() {
    if (moongate != null) {
      moongate.close();
    }
    upstream.close();
  }

  private void start(Mode mode, String... keys) {
    start(mode, mode.submitTimeout(), keys);
  }

  private void start(Mode mode, Duration submitTimeout, String... keys) {
    AccountSettings one = MoongateHarness.account(upstream.http().uri(), mode);
    List<ApiKey> all = new ArrayList<>();
    for (String key : keys) {
      all.add(new ApiKey(key));
    }
    AccountSettings account =
        new AccountSettings(
            one.name(),
            one.provider(),
            one.baseUrl(),
            all,
            mode,
            one.limits(),
            one.imageHosts(),
            one.costs(),
            submitTimeout);
    moongate = MoongateHarness.start(home, List.of(account), MoongateHarness.settings());
  }

  /** Requests that teach the gateway the provider's names of its keys. */
  private void teachNames(int keys) {
    // One each as a rule; a key whose turn a slow machine missed comes later.
    while (keysUsed() < keys) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    Await.until(
        "the names are known", () -> moongate.rows("SELECT 1 FROM provider_key").size() == keys);
  }

  @Test
  void lostAnswerIsFoundInTheListAndPaidOnce() {
    start(Mode.ASYNC, "sk-a");
    teachNames(1);
    upstream.fates(ACCEPTED_UNANSWERED);
    Answer answer = moongate.generate(BODY);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(ledger())
        .containsExactly(
            "CHARGE|500000",
            "CHARGE|500000",
            "COST|500000",
            "COST|500000",
            "HOLD|500000",
            "HOLD|500000");
    assertThat(Attempts.of(moongate, "outcome, task"))
        .containsExactly("SUCCEEDED|task-1", "SUCCEEDED|task-2");
  }

  @Test
  void submitThatNeverArrivedIsSentAgainOnlyAfterTwoListsWithoutIt() {
    start(Mode.ASYNC, "sk-a");
    upstream.fates(DROPPED);
    // At the submits themselves: the list is read for the key's name after them too.
    List<Integer> listsBefore = new CopyOnWriteArrayList<>();
    upstream
        .http()
        .respond(
            ASYNC,
            (request, reply) -> {
              listsBefore.add(upstream.lists());
              upstream.submit(request, reply);
            });
    Answer answer = moongate.generate(BODY);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(listsBefore).hasSize(2);
    assertThat(listsBefore.getLast()).isGreaterThanOrEqualTo(2);
    assertThat(attempts()).containsExactly("1|DISPROVED|null", "2|SUCCEEDED|task-1");
    assertThat(ledger()).containsExactly("CHARGE|500000", "COST|500000", "HOLD|500000");
  }

  @Test
  void submitThatNeverArrivesTwiceIsNotSentAThirdTime() {
    start(Mode.ASYNC, "sk-a");
    upstream.fates(DROPPED, DROPPED, DROPPED);
    Answer answer = moongate.generate(BODY);
    assertThat(answer.error()).isEqualTo("502 upstream_unreachable");
    assertThat(attempts()).containsExactly("1|DISPROVED|null", "2|DISPROVED|null");
    assertThat(ledger()).containsExactly("HOLD|500000", "RELEASE|500000");
  }

  @Test
  void submitThatNobodyAnswersIsInDoubtAfterTheTimeOfItsAccountAndLetsOthersGoFirst()
      throws Exception {
    start(Mode.ASYNC, Duration.ofSeconds(2), "sk-a");
    upstream.fates(SILENT);
    CompletableFuture<Answer> silent =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY.replace("x", "first")));
    Await.until("it was sent", () -> upstream.submits() == 1);
    assertThat(moongate.generate(BODY.replace("x", "second")).status()).isEqualTo(200);
    assertThat(silent.get().status()).isEqualTo(200);
    assertThat(upstream.tasks().stream().map(task -> task.body().contains("first")))
        .containsExactly(false, true);
  }

  @Test
  void strangersTaskIsNeverTakenForOurs() {
    start(Mode.ASYNC, "sk-a");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    upstream.fates(DROPPED);
    upstream.stranger("theirs", "id-of-somebody", Clock.systemUTC().millis());
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(moongate.rows("SELECT task FROM attempt WHERE task = 'theirs'")).isEmpty();
    assertThat(upstream.submits()).isEqualTo(3);
    assertThat(moongate.rows("SELECT api_key_id FROM provider_key")).containsExactly("id-of-sk-a");
  }

  @Test
  void twoTasksThatMayBeOursAreBothLeftAloneAndNothingIsSentAgain() {
    start(Mode.ASYNC, "sk-a");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    upstream.stranger("other", "id-of-sk-a", Clock.systemUTC().millis());
    upstream.fates(ACCEPTED_UNANSWERED);
    Answer answer = moongate.generate(BODY);
    assertThat(answer.error()).isEqualTo("504 outcome_unknown");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(moongate.rows("SELECT task FROM orphan_task ORDER BY task"))
        .containsExactly("other", "task-3");
    assertThat(ledger())
        .contains("RELEASE|500000", "SUSPECTED_COST|500000")
        .containsOnlyOnce("CHARGE|500000");
  }

  @Test
  void anotherOnesTaskIsNotTakenForTheAnswer() {
    start(Mode.ASYNC, "sk-a");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    upstream.fates(ANSWERED_WITH_ANOTHER);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(Attempts.of(moongate, "outcome, task"))
        .containsExactly("SUCCEEDED|task-1", "SUCCEEDED|task-2");
  }

  @Test
  void onAFreshGatewayTheOnlyTaskOfItsSecondsIsTheLostOne() {
    start(Mode.ASYNC, "sk-a");
    upstream.stranger("theirs", "id-of-somebody", Clock.systemUTC().millis() - 5 * HOUR);
    upstream.fates(ACCEPTED_UNANSWERED);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(Attempts.of(moongate, "outcome, task")).containsExactly("SUCCEEDED|task-2");
  }

  @Test
  void onAFreshGatewayNothingIsGuessedBeforeTheKeysNameIsKnown() {
    start(Mode.ASYNC, "sk-a");
    upstream.stranger("theirs", "id-of-somebody", Clock.systemUTC().millis() - 5 * HOUR);
    upstream.fates(ACCEPTED_UNANSWERED);
    CompletableFuture<Answer> lost = CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
    Await.until("it was looked for", () -> upstream.lists() > 0);
    assertThat(moongate.generate(BODY).status()).as("the key is free").isEqualTo(200);
    assertThat(lost.join().status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(Attempts.of(moongate, "task")).containsExactly("task-2", "task-3");
  }

  @Test
  void keyInDoubtSendsNothingElseAndTheOtherKeyGoesOn() throws Exception {
    start(Mode.ASYNC, "sk-a", "sk-b");
    teachNames(2);
    int before = upstream.submits();
    int listsBefore = upstream.lists();
    upstream.listStatus(503).fates(ACCEPTED_UNANSWERED);
    CompletableFuture<Answer> doubtful =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
    Await.until("the first is in doubt", () -> upstream.lists() > listsBefore);
    for (int i = 0; i < 3; i++) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    String inDoubt = upstream.tasks().get(before).key();
    assertThat(upstream.tasks().stream().skip(before + 1).map(TaskUpstream.Task::key))
        .hasSize(3)
        .doesNotContain(inDoubt);
    upstream.listStatus(200);
    assertThat(doubtful.get().status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(before + 4);
  }

  @Test
  void twoKeysInDoubtAtOnceEachFindTheirOwn() throws Exception {
    start(Mode.ASYNC, "sk-a", "sk-b");
    upstream.state("RUNNING");
    while (keysUsed() < 2) {
      int before = upstream.submits();
      moongate.generate(BODY, "Prefer", "respond-async");
      Await.until("it is submitted", () -> upstream.submits() > before);
    }
    int begun = upstream.submits();
    upstream.state("SUCCEEDED").fates(DROPPED);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(moongate.rows("SELECT api_key_id FROM provider_key")).hasSize(2);

    upstream.listStatus(503).fates(ACCEPTED_UNANSWERED, ACCEPTED_UNANSWERED);
    List<CompletableFuture<Answer>> doubtful = new ArrayList<>();
    for (String prompt : List.of("one", "two")) {
      doubtful.add(
          CompletableFuture.supplyAsync(
              () -> moongate.generate(BODY.replace("\"x\"", '"' + prompt + '"'))));
    }
    Await.until(
        "both are in doubt",
        () -> moongate.rows("SELECT 1 FROM generation WHERE state = 'UNCERTAIN'").size() == 2);
    upstream.listStatus(200);
    for (CompletableFuture<Answer> answer : doubtful) {
      assertThat(answer.get().status()).isEqualTo(200);
    }
    assertThat(moongate.rows("SELECT task FROM attempt WHERE task IS NOT NULL"))
        .hasSize(begun + 3)
        .doesNotHaveDuplicates();
    for (TaskUpstream.Task task : upstream.tasks().subList(begun + 1, begun + 3)) {
      String prompt = task.body().contains("\"one\"") ? "one" : "two";
      assertThat(moongate.rows("SELECT request FROM generation WHERE task = '" + task.id() + "'"))
          .singleElement()
          .asString()
          .contains('"' + prompt + '"');
    }
    assertThat(moongate.rows("SELECT 1 FROM ledger WHERE kind = 'CHARGE'")).hasSize(begun + 3);
    assertThat(upstream.submits()).isEqualTo(begun + 4);
  }

  private long keysUsed() {
    return upstream.tasks().stream().map(TaskUpstream.Task::key).distinct().count();
  }

  @Test
  void doubtOutlivesARestart() {
    start(Mode.ASYNC, "sk-a");
    teachNames(1);
    int listsBefore = upstream.lists();
    upstream.listStatus(503).fates(ACCEPTED_UNANSWERED);
    CompletableFuture<Answer> lost = CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
    Await.until("it is in doubt", () -> upstream.lists() > listsBefore);
    moongate.close();
    assertThat(lost.join().error()).isEqualTo("503 shutting_down");
    assertThat(lost.join().header("x-should-retry")).isEqualTo("false");
    String id = lost.join().header("x-moongate-generation");
    upstream.listStatus(200);
    start(Mode.ASYNC, "sk-a");
    Await.until(
        "both have ended",
        () -> moongate.rows("SELECT 1 FROM generation WHERE state = 'SUCCEEDED'").size() == 2);
    assertThat(moongate.rows("SELECT id FROM generation ORDER BY created_at, id"))
        .hasSize(2)
        .last()
        .isEqualTo(id);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void whatADeadProcessWasSubmittingIsLookedForAndNotSentAgain() {
    start(Mode.ASYNC, "sk-a");
    upstream.listStatus(503).fates(ACCEPTED_UNANSWERED);
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until("the answer is lost", () -> upstream.lists() > 0);
    moongate.close();
    // As a process leaves it that dies between the intent and the answer.
    moongate.rows("UPDATE generation SET state = 'DISPATCHING' RETURNING id");
    moongate.rows("UPDATE attempt SET outcome = 'INTENT', answered_at = NULL RETURNING no");
    upstream.listStatus(200);
    start(Mode.ASYNC, "sk-a");
    Await.until(
        "it has ended", () -> moongate.rows("SELECT state FROM generation").contains("SUCCEEDED"));
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(attempts()).containsExactly("1|SUCCEEDED|task-1");
  }

  @Test
  void providerWithoutAListLeavesItUnknown() {
    start(Mode.ASYNC, "sk-a");
    upstream.listStatus(404).fates(ACCEPTED_UNANSWERED, ANSWERED);
    assertThat(moongate.generate(BODY).error()).isEqualTo("504 outcome_unknown");
    assertThat(ledger()).containsExactly("HOLD|500000", "RELEASE|500000", "SUSPECTED_COST|500000");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void synchronousSubmitInDoubtEndsAtOnce() {
    start(Mode.SYNC, "sk-a");
    upstream.http().respond(dev.moongate.testing.DashScopeScripts.SYNC, (_, r) -> r.close());
    assertThat(moongate.generate(BODY).error()).isEqualTo("504 outcome_unknown");
    assertThat(upstream.lists()).isZero();
    assertThat(upstream.http().received(dev.moongate.testing.DashScopeScripts.SYNC)).hasSize(1);
  }

  private List<String> ledger() {
    return moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind");
  }

  private List<String> attempts() {
    return Attempts.of(moongate, "nth, outcome, task");
  }
}
