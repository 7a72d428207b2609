package dev.moongate.api;

import static dev.moongate.testing.TaskUpstream.Fate.ACCEPTED_UNANSWERED;
import static dev.moongate.testing.TaskUpstream.Fate.DROPPED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.ShiftedClock;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose a task is, is known by the provider's name of the key that made it, and never guessed. */
@Timeout(300)
class KeyNamesTest {
  @TempDir Path home;
  private final ShiftedClock clock = new ShiftedClock();
  private final TaskUpstream upstream = new TaskUpstream().clock(clock);
  private MoongateHarness moongate;

  @BeforeEach
  void chooseDatabase() {}

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private void start(String... keys) {
    AccountSettings one = MoongateHarness.account(upstream.http().uri(), Mode.ASYNC);
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
            one.mode(),
            one.limits(),
            one.imageHosts());
    moongate =
        MoongateHarness.seamed(
            home, List.of(account), clock, UnaryOperator.identity(), UnaryOperator.identity());
  }

  private CompletableFuture<Answer> ask(String prompt) {
    return CompletableFuture.supplyAsync(() -> generate(prompt));
  }

  private Answer generate(String prompt) {
    return moongate.generate(
        "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"%s\"}".formatted(prompt));
  }

  private int inDoubt() {
    return moongate.rows("SELECT 1 FROM generation WHERE state = 'UNCERTAIN'").size();
  }

  /** Every generation has the task that was made of its own prompt, and no two share one. */
  private void assertEachHasItsOwn(String... prompts) {
    assertThat(upstream.tasks().stream().filter(task -> task.key().startsWith("id-of-sk-")))
        .hasSize(prompts.length);
    for (String prompt : prompts) {
      String task =
          upstream.tasks().stream()
              .filter(one -> one.body().contains(prompt))
              .map(TaskUpstream.Task::id)
              .findFirst()
              .orElseThrow();
      assertThat(
              moongate.rows(
                  "SELECT task, state FROM generation WHERE request LIKE '%" + prompt + "%'"))
          .containsExactly(task + "|SUCCEEDED");
    }
    assertThat(moongate.rows("SELECT 1 FROM ledger WHERE kind = 'CHARGE'")).hasSize(prompts.length);
  }

  @Test
  void twoInDoubtAtOnceEachGetTheirOwn() {
    start("sk-a", "sk-b");
    upstream.listStatus(503).fates(DROPPED, ACCEPTED_UNANSWERED);
    CompletableFuture<Answer> first = ask("apple");
    Await.until("the first is in doubt", () -> inDoubt() == 1);
    CompletableFuture<Answer> second = ask("banana");
    Await.until("the second is in doubt", () -> inDoubt() == 2);
    int listsBefore = upstream.lists();
    upstream.listStatus(200);
    Await.until("both were looked for", () -> upstream.lists() >= listsBefore + 4);
    assertThat(generate("cherry").status()).isEqualTo(200);
    assertThat(generate("damson").status()).isEqualTo(200);
    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.join().status()).isEqualTo(200);
    assertEachHasItsOwn("apple", "banana", "cherry", "damson");
    assertThat(upstream.submits()).isEqualTo(5);
  }

  @Test
  void aLoneStrangersTaskIsNotOursEvenBeforeAnyNameIsKnown() {
    start("sk-a");
    upstream.fates(DROPPED);
    upstream.stranger("theirs", "id-of-somebody", clock.millis() - 40_000);
    CompletableFuture<Answer> lost = ask("apple");
    Await.until("it was looked for", () -> upstream.lists() > 0);
    assertThat(generate("banana").status()).isEqualTo(200);
    assertThat(lost.join().status()).isEqualTo(200);
    assertEachHasItsOwn("apple", "banana");
    assertThat(moongate.rows("SELECT 1 FROM attempt WHERE task = 'theirs'")).isEmpty();
  }

  @Test
  void twoInDoubtWithOneKeyAreNotGuessedApart() {
    start("sk-a");
    // So far apart that the time alone tells nothing.
    upstream.clock(() -> clock.instant().plusSeconds(40));
    upstream.fates(ACCEPTED_UNANSWERED, DROPPED);
    CompletableFuture<Answer> first = ask("apple");
    Await.until("it was looked for", () -> upstream.lists() > 0);
    CompletableFuture<Answer> second = ask("banana");
    Await.until(
        "one has ended",
        () -> moongate.rows("SELECT 1 FROM generation WHERE state = 'UNRESOLVED'").size() == 1);
    assertThat(generate("cherry").status()).isEqualTo(200);
    assertThat(first.join().error()).isEqualTo("504 outcome_unknown");
    assertThat(second.join().error()).isEqualTo("504 outcome_unknown");
    assertThat(moongate.rows("SELECT task FROM orphan_task")).containsExactly("task-1");
    assertThat(upstream.submits()).isEqualTo(3);
  }

  @Test
  void aNameIsLearntSoonAfterTheFirstTaskOfItsKey() {
    start("sk-a", "sk-b");
    upstream.state("RUNNING");
    var _ = ask("apple");
    Await.until("one name is known", () -> names().size() == 1);
    // The next one's turn it is, unless a slow machine missed it.
    while (upstream.tasks().stream().map(TaskUpstream.Task::key).distinct().count() < 2) {
      int before = upstream.submits();
      var _ = ask("banana");
      Await.until("it is submitted", () -> upstream.submits() > before);
    }
    Await.until("both are", () -> names().equals(List.of("id-of-sk-a", "id-of-sk-b")));
    assertThat(upstream.lists()).isEqualTo(2);
  }

  @Test
  void aNameThatCouldNotBeLearntIsLearntLater() {
    start("sk-a");
    upstream.state("RUNNING").listStatus(503);
    var _ = ask("apple");
    Await.until("it was looked for", () -> upstream.lists() > 0);
    upstream.listStatus(200);
    clock.advance(Duration.ofSeconds(10));
    Await.until("it is known", () -> names().equals(List.of("id-of-sk-a")));
  }

  @Test
  void tasksThatNobodyClaimedDoNotSpoilALaterDoubt() {
    start("sk-a");
    generate("apple");
    Await.until("the name is known", () -> !names().isEmpty());
    upstream.stranger("other", "id-of-sk-a", clock.millis());
    upstream.fates(ACCEPTED_UNANSWERED, ACCEPTED_UNANSWERED);
    assertThat(generate("banana").error()).isEqualTo("504 outcome_unknown");
    clock.advance(Duration.ofMinutes(3));
    assertThat(generate("cherry").status()).isEqualTo(200);
    assertThat(moongate.rows("SELECT task FROM attempt WHERE task IS NOT NULL ORDER BY task"))
        .containsExactly("task-1", "task-4");
  }

  @Test
  void theTaskOfOneThatEndedAsUnknownIsNotTakenByTheNext() {
    start("sk-a");
    generate("apple");
    Await.until("the name is known", () -> !names().isEmpty());
    upstream.listStatus(404).fates(ACCEPTED_UNANSWERED, DROPPED);
    assertThat(generate("banana").error()).isEqualTo("504 outcome_unknown");
    upstream.listStatus(200);
    assertThat(generate("cherry").error()).isEqualTo("504 outcome_unknown");
    assertThat(moongate.rows("SELECT task FROM attempt WHERE task IS NOT NULL"))
        .containsExactly("task-1");
    assertThat(upstream.submits()).isEqualTo(3);
  }

  private List<String> names() {
    return moongate.rows("SELECT api_key_id FROM provider_key ORDER BY api_key_id");
  }
}
