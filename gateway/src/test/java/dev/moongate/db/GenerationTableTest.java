package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.GenerationRows.TaskClaim;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageFormat;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.policy.LedgerEntry.Kind;
import dev.moongate.provider.ListedTask;
import dev.moongate.routing.Flow;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class GenerationTableTest {
  private static final Instant T0 = Instant.parse("2026-11-24T10:00:00.123456Z");
  private static final Money PRICE = new Money(500_000, "CNY");

  @TempDir Path home;
  Database database;
  private GenerationTable table;

  Database openDatabase() {
    return Database.open(home.resolve("moongate.db"), () -> {});
  }

  @BeforeEach
  void open() {
    database = openDatabase();
    table = new GenerationTable(database);
    Key key = Key.generate(new SecureRandom());
    new KeyTable(database, () -> T0)
        .add(
            new KeyRow(
                "key_1",
                "default",
                "default",
                "first",
                key.hash(),
                key.lastFour(),
                KeyTerms.of(Role.ADMIN),
                "first-start",
                T0,
                null,
                null,
                null),
            "test");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Instant at(long seconds) {
    return T0.plusSeconds(seconds);
  }

  private Generation admit(String id, String model, long second) {
    ImageRequest request =
        new ImageRequest(
            model,
            List.of(new ContentPart.Text("a flower shop")),
            null,
            2,
            false,
            null,
            null,
            null,
            null,
            0,
            ResponseFormat.URL,
            null,
            List.of());
    Generation generation =
        new Generation(
            id,
            "default",
            "default",
            "key_1",
            request,
            State.ADMITTED,
            0,
            PRICE,
            1_000_000,
            "beijing",
            0,
            null,
            null,
            at(second),
            at(second),
            at(second + 600),
            null,
            null,
            null,
            null,
            null,
            List.of());
    table.admit(
        generation,
        new LedgerEntry(Kind.HOLD, generation.hold(), null),
        Resend.NONE,
        1000,
        Long.MAX_VALUE);
    return generation;
  }

  private Generation admit(String id) {
    return admit(id, "wan2.7-image-pro", 0);
  }

  private Generation now(Generation before) {
    return table.find(before.id()).orElseThrow();
  }

  private Generation dispatching(String id) {
    Generation generation = admit(id);
    assertThat(table.intend(generation, "beijing", "ref", at(1))).isTrue();
    return now(generation);
  }

  private Generation submitted(String id) {
    Generation generation = dispatching(id);
    assertThat(table.accepted(generation, "task-" + id, "req", at(2), at(3)))
        .isEqualTo(TaskClaim.WRITTEN);
    return now(generation);
  }

  private Generation fetching(String id) {
    Generation generation = submitted(id);
    LedgerEntry cost = new LedgerEntry(Kind.COST, PRICE, 1);
    assertThat(
            table.announced(
                generation,
                List.of("https://a/0", "https://a/1"),
                "{}",
                "req2",
                List.of(cost),
                at(4)))
        .isTrue();
    return now(generation);
  }

  private static StoredImage image(String id) {
    return new StoredImage(id, "ab", 123, ImageFormat.PNG, 1024, 768, "images/" + id + ".png");
  }

  private boolean end(Generation seen, State state, Money charge) {
    return table.end(
        seen,
        state,
        state == State.SUCCEEDED ? null : new Failure(ErrorCode.IMAGE_LOST, "gone", null),
        charge,
        List.of(
            new LedgerEntry(Kind.CHARGE, charge, null),
            new LedgerEntry(Kind.RELEASE, seen.hold().minus(charge), null)),
        null,
        at(9));
  }

  @Test
  void aGenerationComesBackAsItWasAdmitted() {
    Generation generation = admit("gen_1");
    assertThat(table.find("gen_1")).contains(generation);
    assertThat(table.find("gen_2")).isEmpty();
  }

  @Test
  void theWholeWayLeavesPicturesChargeAndAttemptBehind() {
    Generation fetching = fetching("gen_1");
    assertThat(fetching.pictures())
        .containsExactly(
            new Generation.Picture(0, "https://a/0", null, false),
            new Generation.Picture(1, "https://a/1", null, false));
    table.pictureStored("gen_1", 0, image("img_0"), at(5));
    table.pictureStored("gen_1", 0, image("img_other"), at(5));
    assertThat(table.relinked(fetching, List.of("https://b/0", "https://b/1"), at(6))).isTrue();
    assertThat(now(fetching).pictures())
        .containsExactly(
            new Generation.Picture(0, null, image("img_0"), false),
            new Generation.Picture(1, "https://b/1", null, false));
    table.pictureStored("gen_1", 1, image("img_1"), at(7));

    assertThat(end(now(fetching), State.SUCCEEDED, PRICE.times(2))).isTrue();

    Generation done = now(fetching);
    assertThat(done.state()).isEqualTo(State.SUCCEEDED);
    assertThat(done.storedImages()).containsExactly(image("img_0"), image("img_1"));
    assertThat(done.cost()).isEqualTo(PRICE.times(2));
    assertThat(done.settledAt()).isEqualTo(at(9));
    assertThat(done.submittedAt()).isEqualTo(at(2));
    assertThat(done.task()).isEqualTo("task-gen_1");
    assertThat(done.taskKey()).isEqualTo("ref");
    assertThat(done.attempts()).isEqualTo(1);
    assertThat(table.findImage("img_1")).contains(image("img_1"));
    assertThat(table.findImage("img_other")).isEmpty();
    assertThat(column("SELECT outcome AS value FROM attempt")).containsExactly("SUCCEEDED");
    assertThat(column("SELECT kind AS value FROM ledger ORDER BY kind"))
        .containsExactly("CHARGE", "COST", "HOLD", "RELEASE");
  }

  @Test
  void aGenerationThatLostAPictureKeepsTheOthersAndCannotSucceed() {
    Generation fetching = fetching("gen_1");
    table.pictureStored("gen_1", 1, image("img_1"), at(5));
    assertThatIllegalStateException()
        .isThrownBy(() -> end(fetching, State.SUCCEEDED, PRICE.times(2)));
    assertThat(now(fetching)).isEqualTo(table.find("gen_1").orElseThrow());

    assertThat(end(fetching, State.LOST, PRICE)).isTrue();

    Generation lost = now(fetching);
    assertThat(lost.pictures())
        .containsExactly(
            new Generation.Picture(0, null, null, true),
            new Generation.Picture(1, null, image("img_1"), false));
    assertThat(lost.failure()).isEqualTo(new Failure(ErrorCode.IMAGE_LOST, "gone", null));
  }

  /** One write, from the state that it starts in. */
  record Step(String name, State from, Predicate<GenerationTableTest> write) {
    @Override
    public String toString() {
      return name + " from " + from;
    }
  }

  private Generation seen;

  static Stream<Step> steps() {
    List<LedgerEntry> none = List.of();
    return Stream.of(
        new Step("intend", State.ADMITTED, t -> t.table.intend(t.seen, "a", "k", T0)),
        new Step(
            "cancel",
            State.ADMITTED,
            t -> t.table.end(t.seen, State.CANCELLED, null, null, none, null, T0)),
        new Step(
            "accepted",
            State.DISPATCHING,
            t -> t.table.accepted(t.seen, "t", null, T0, T0) == TaskClaim.WRITTEN),
        new Step(
            "backToQueue",
            State.DISPATCHING,
            t -> t.table.backToQueue(t.seen, AttemptOutcome.NOT_SENT, "dns", "beijing", T0, T0)),
        new Step(
            "announced",
            State.DISPATCHING,
            t -> t.table.announced(t.seen, List.of("l"), "{}", null, none, T0)),
        new Step(
            "announced",
            State.SUBMITTED,
            t -> t.table.announced(t.seen, List.of("l"), "{}", null, none, T0)),
        new Step("postpone", State.SUBMITTED, t -> t.table.postpone(t.seen, T0)),
        new Step(
            "fail",
            State.SUBMITTED,
            t ->
                t.table.end(
                    t.seen, State.FAILED, null, null, none, AttemptOutcome.FAILED_UNBILLED, T0)),
        new Step("relinked", State.FETCHING, t -> t.table.relinked(t.seen, List.of("l"), T0)),
        new Step(
            "lose",
            State.FETCHING,
            t -> t.table.end(t.seen, State.LOST, null, null, none, null, T0)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void ofTwoWritersThatSawTheSameRowOnlyTheFirstChangesIt(Step step) {
    seen =
        switch (step.from) {
          case ADMITTED -> admit("gen_1");
          case DISPATCHING -> dispatching("gen_1");
          case SUBMITTED -> submitted("gen_1");
          default -> fetching("gen_1");
        };
    assertThat(step.write.test(this)).isTrue();
    Generation after = now(seen);
    List<String> attempts = column("SELECT outcome || no AS value FROM attempt");
    assertThat(after.epoch()).isEqualTo(seen.epoch() + 1);

    assertThat(step.write.test(this)).isFalse();

    assertThat(now(seen)).isEqualTo(after);
    assertThat(column("SELECT outcome || no AS value FROM attempt")).isEqualTo(attempts);
  }

  @Test
  void aTaskBelongsToOneAttemptWhoeverAsksForIt() {
    submitted("gen_1");
    Generation second = dispatching("gen_2");
    Generation third = dispatching("gen_3");
    table.doubtful(third, "reset", at(2));
    ListedTask task = new ListedTask("task-gen_1", "RUNNING", null, null, null, null);

    assertThat(table.accepted(second, "task-gen_1", null, at(3), at(3))).isEqualTo(TaskClaim.TAKEN);
    assertThat(table.adopted(now(third), task, at(3))).isEqualTo(TaskClaim.TAKEN);

    assertThat(now(second)).isEqualTo(second);
    assertThat(now(third).state()).isEqualTo(State.UNCERTAIN);
    assertThat(table.accepted(second, "task-2", null, at(3), at(3))).isEqualTo(TaskClaim.WRITTEN);
  }

  @Test
  void ofTwoThatClaimATaskAtTheSameTimeOneGetsIt() throws Exception {
    List<Generation> both = List.of(dispatching("gen_1"), dispatching("gen_2"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TaskClaim>> claims =
          both.stream()
              .map(one -> threads.submit(() -> table.accepted(one, "t", null, at(2), at(2))))
              .toList();
      for (Future<TaskClaim> claim : claims) {
        try {
          claim.get();
        } catch (ExecutionException e) {
          // The index stopped it in the middle.
          assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
        }
      }
    }
    assertThat(both.stream().map(one -> now(one).state()))
        .containsExactlyInAnyOrder(State.DISPATCHING, State.SUBMITTED);
    assertThat(column("SELECT outcome AS value FROM attempt"))
        .containsExactlyInAnyOrder("INTENT", "ACCEPTED");
  }

  @Test
  void aTransitionThatTheStateDoesNotHaveIsOurMistake() {
    Generation admitted = admit("gen_1");
    Generation dispatching = dispatching("gen_2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.accepted(admitted, "t", null, T0, T0));
    assertThatIllegalArgumentException().isThrownBy(() -> table.intend(dispatching, "a", "k", T0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.relinked(dispatching, List.of(), T0));
    assertThatIllegalArgumentException().isThrownBy(() -> end(admitted, State.FETCHING, PRICE));
  }

  @Test
  void theLedgerIsAppendOnlyAndBooksEachKindOnce() {
    Generation generation = admit("gen_1");
    for (String change : List.of("UPDATE ledger SET amount = 0", "DELETE FROM ledger")) {
      assertThatIllegalStateException()
          .isThrownBy(() -> database.write(sql -> sql.update(change)))
          .havingRootCause()
          .withMessageContaining("append-only");
    }
    LedgerEntry release = new LedgerEntry(Kind.RELEASE, PRICE, null);
    assertThatIllegalStateException()
        .isThrownBy(() ->
            table.end(generation, State.FAILED, null, null, List.of(release, release), null, T0));
    assertThat(now(generation)).isEqualTo(generation);
    assertThat(column("SELECT kind AS value FROM ledger")).containsExactly("HOLD");
  }

  @Test
  void theQueueOfAnAccountIsFirstComeForEachKeyAndSkipsWhatMustWait() {
    Generation first = admit("gen_1", "wan2.7-image", 1);
    Generation second = admit("gen_2", "wan2.7-image-pro", 2);
    Generation third = admit("gen_3", "wan2.7-image-pro", 2);
    Flow flow = new Flow("default", 1, "key_1", 1, 3, 6);

    assertThat(table.flows("beijing", at(5), Set.of())).containsExactly(flow);
    assertThat(table.flows("beijing", at(1), Set.of()))
        .containsExactly(new Flow("default", 1, "key_1", 1, 1, 2));
    assertThat(table.flows("elsewhere", at(5), Set.of())).isEmpty();
    assertThat(table.nextQueued("beijing", flow, at(5), Set.of())).contains(first);
    assertThat(table.nextQueued("beijing", flow, at(5), Set.of("gen_1", "gen_2"))).contains(third);
    assertThat(table.nextQueued("beijing", flow, at(0), Set.of())).isEmpty();
    assertThat(table.nextQueuedAt("beijing", Set.of())).contains(at(1));
    assertThat(table.ahead(first)).isZero();
    assertThat(table.ahead(third)).isEqualTo(2);

    table.intend(first, "beijing", "ref", at(5));
    table.backToQueue(now(first), AttemptOutcome.REJECTED, "429", "beijing", at(6), at(60));
    assertThat(table.nextQueued("beijing", flow, at(7), Set.of())).contains(second);
    assertThat(table.nextQueued("beijing", flow, at(60), Set.of())).contains(now(first));
    assertThat(table.nextQueuedAt("beijing", Set.of())).contains(at(2));
    assertThat(table.triedAccounts("gen_1")).containsExactly("beijing");
  }

  @Test
  void whatWaitsMayBeSentToAnotherAccountAndKnowsItsDeadline() {
    admit("gen_1", "wan2.7-image", 1);
    admit("gen_2", "wan2.7-image-pro", 2);
    assertThat(table.waitingAt("wan2.7-image")).containsExactly("beijing");
    assertThat(table.reroute("wan2.7-image", "beijing", "singapore")).isEqualTo(1);
    assertThat(table.waitingAt("wan2.7-image")).containsExactly("singapore");
    assertThat(table.waitingAt("wan2.7-image-pro")).containsExactly("beijing");
    assertThat(table.allQueued("singapore", 9)).extracting(Generation::id).containsExactly("gen_1");
    assertThat(table.expired("singapore", at(600), Set.of(), 9)).isEmpty();
    assertThat(table.expired("singapore", at(601), Set.of(), 9)).hasSize(1);
  }

  @Test
  void dueRowsAreTheScheduleOfTheirAccount() {
    Generation first = submitted("gen_1");
    Generation second = fetching("gen_2");
    Generation doubtful = dispatching("gen_3");

    assertThat(table.due("beijing", at(2), Set.of(), 9)).isEmpty();
    assertThat(table.due("beijing", at(4), Set.of(), 9)).containsExactly(first, second);
    assertThat(table.due("beijing", at(4), Set.of(), 1)).containsExactly(first);
    assertThat(table.due("beijing", at(4), Set.of("gen_1"), 9)).containsExactly(second);
    assertThat(table.due("elsewhere", at(4), Set.of(), 9)).isEmpty();
    assertThat(table.nextDue("beijing", Set.of())).contains(at(3));
    assertThat(table.running("beijing", Set.of())).isEqualTo(2);
    assertThat(table.running("elsewhere", Set.of())).isZero();
    assertThat(table.leftDispatching()).containsExactly(doubtful);
  }

  @Test
  void theWindowCountsNewestAnswersFirstAndOpenIntentsAsAsked() {
    submitted("gen_1");
    dispatching("gen_2");
    table.backToQueue(
        dispatching("gen_3"), AttemptOutcome.REJECTED, "Throttling", "beijing", at(8), at(9));

    assertThat(table.lastAnswers("beijing", 5, at(10))).containsExactly(at(10), at(8), at(2));
    assertThat(table.lastAnswers("beijing", 2, at(10))).containsExactly(at(10), at(8));
    assertThat(table.lastAnswers("elsewhere", 5, at(10))).isEmpty();
  }

  @Test
  void everyQuestionOfTheScheduleMeetsAnIndex() {
    for (String question :
        List.of(
            "state = 'ADMITTED' AND account = 'a' AND project_id = 'p' AND key_id = 'k' AND due_at <= 1 ORDER BY created_at, id LIMIT 1",
            "state = 'ADMITTED' AND account = 'a' AND deadline_at <= 1 ORDER BY deadline_at LIMIT 1",
            "state IN ('SUBMITTED', 'FETCHING', 'UNCERTAIN') AND account = 'a' AND due_at <= 1 ORDER BY due_at",
            "state IN ('DISPATCHING', 'SUBMITTED', 'UNCERTAIN') AND account = 'a'",
            "state IN ('DISPATCHING', 'UNCERTAIN') ORDER BY created_at, id")) {
      assertThat(plan("SELECT * FROM generation WHERE " + question))
          .as(question)
          .contains("USING INDEX generation_")
          .doesNotContain("TEMP B-TREE");
    }
    assertThat(
            plan(
                "SELECT project_id, key_id, COUNT(*), SUM(n) FROM generation"
                    + " WHERE state = 'ADMITTED' AND account = 'a' AND due_at <= 1"
                    + " GROUP BY project_id, key_id"))
        .contains("USING COVERING INDEX generation_queue");
    assertThat(
            plan(
                "SELECT answered_at FROM attempt WHERE account = 'a' AND answered_at IS NOT NULL"
                    + " ORDER BY answered_at DESC LIMIT 5"))
        .contains("INDEX attempt_answered")
        .doesNotContain("TEMP B-TREE");
  }

  static final List<String> LISTS_OF_ADMINISTRATORS =
      List.of(
          "deleted_at IS NULL AND 1 = 1 AND key_id = 'k' ORDER BY id DESC LIMIT 20 OFFSET 0",
          "deleted_at IS NULL AND 1 = 1 AND account = 'a' AND id < 'g' ORDER BY id DESC LIMIT 20");

  @Test
  void listsOfAKeyAndOfAnAccountMeetAnIndexInTheirOrder() {
    for (String list : LISTS_OF_ADMINISTRATORS) {
      assertThat(plan("SELECT * FROM generation WHERE " + list))
          .as(list)
          .containsPattern("SEARCH generation USING INDEX generation_of_(key|account)")
          .doesNotContain("TEMP B-TREE");
    }
  }

  private String plan(String query) {
    return database.read(sql ->
        String.join("\n", sql.list("EXPLAIN QUERY PLAN " + query, row -> row.text("detail"))));
  }

  private List<String> column(String query) {
    return database.read(sql -> values(sql, query));
  }

  private static List<String> values(Sql sql, String query) throws SQLException {
    return sql.list(query, row -> row.text("value"));
  }
}
