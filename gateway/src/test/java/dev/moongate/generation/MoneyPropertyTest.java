package dev.moongate.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Caller;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Project;
import dev.moongate.auth.Role;
import dev.moongate.db.BudgetTable;
import dev.moongate.db.Database;
import dev.moongate.db.GenerationTable;
import dev.moongate.db.KeyTable;
import dev.moongate.db.ProjectTable;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageFormat;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import dev.moongate.policy.Admission;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.policy.LedgerEntry.Kind;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.Refusal;
import dev.moongate.routing.Routes;
import dev.moongate.store.DiskImageStore;
import dev.moongate.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of generations, also by writers that saw an older row: whatever they do, no budget
 * is exceeded, no counter is negative or other than the ledger, and no hold outlives its
 * generation.
 */
@Timeout(300)
class MoneyPropertyTest {
  private static final int STEPS = 1500;
  private static final List<String> KEYS = List.of("key_1", "key_2", "key_3");

  @TempDir private Path home;
  private final SettableClock clock = new SettableClock();
  private Database database;
  private GenerationTable rows;
  private BudgetTable budgets;
  private Endings endings;
  private Random random;
  private int made;
  private final List<Generation> snapshots = new ArrayList<>();

  static IntStream seeds() {
    return new SecureRandom().ints(4, 0, 1_000_000);
  }

  Database open(Path folder) {
    return Database.open(folder.resolve("moongate.db"), () -> {});
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static String project(String key) {
    return key.equals("key_3") ? "proj_2" : "default";
  }

  private void prepare(int seed) throws IOException {
    random = new Random(seed);
    database = open(home);
    rows = new GenerationTable(database);
    budgets = new BudgetTable(database, clock, "CNY");
    endings =
        new Endings(
            rows,
            new Waiters(),
            clock,
            GenerationSettings.DEFAULTS,
            new Routes(List.of(), Map.of()),
            new InputPictures(new DiskImageStore(home.resolve("store"))));
    new ProjectTable(database, clock)
        .add(
            new Project("proj_2", "default", "two", 1, CallerLimits.NONE, clock.instant(), null),
            "test");
    KeyTable keys = new KeyTable(database, clock);
    for (String id : KEYS) {
      Key key = Key.generate(new SecureRandom());
      keys.add(
          new KeyRow(
              id,
              "default",
              project(id),
              id,
              key.hash(),
              key.lastFour(),
              KeyTerms.of(Role.MEMBER),
              "test",
              clock.instant(),
              null,
              null,
              null),
          "test");
    }
    budget(Scope.KEY, "key_1", Period.DAY, 40_000_000);
    budget(Scope.KEY, "key_2", Period.TOTAL, 60_000_000);
    budget(Scope.PROJECT, "default", Period.MONTH, 90_000_000);
  }

  private void budget(Scope scope, String id, Period period, long micros) {
    budgets.set(new Budget(scope, id, period, new Money(micros, "CNY")), "test");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noSequenceOfEventsMakesMoneyWrong(int seed) throws IOException {
    prepare(seed);
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(200) == 0) {
        clock.advance(Duration.ofHours(7));
      }
      if (snapshots.isEmpty() || random.nextInt(4) == 0) {
        admit();
      } else {
        Generation seen = snapshots.get(random.nextInt(snapshots.size()));
        // Every third time with what somebody saw long ago.
        move(random.nextInt(3) == 0 ? seen : now(seen));
      }
      if (step % 25 == 0) {
        checkBudgets();
      }
    }
    snapshots.stream().map(Generation::id).distinct().toList().forEach(this::finish);
    checkBudgets();
    for (String key : KEYS) {
      assertThat(reserved(Scope.KEY, key)).as("reserved by %s", key).isZero();
    }
  }

  private long reserved(Scope scope, String id) {
    budget(scope, id, Period.TOTAL, Long.MAX_VALUE / 4);
    return budgets.list(scope, id, clock.instant()).stream()
        .filter(standing -> standing.budget().period() == Period.TOTAL)
        .mapToLong(standing -> standing.reserved().micros())
        .sum();
  }

  private Generation now(Generation before) {
    return rows.find(before.id()).orElseThrow();
  }

  private void admit() {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    int n = 1 + random.nextInt(12);
    ImageRequest request =
        new ImageRequest(
            "wan2.7-image",
            List.of(new ContentPart.Text("x")),
            null,
            n,
            null,
            null,
            null,
            null,
            null,
            null,
            ResponseFormat.URL,
            null,
            List.of());
    Generation asked =
        Generation.asked(
            "gen_" + made++,
            new Caller("default", project(key), key, KeyTerms.of(Role.MEMBER), CallerLimits.NONE),
            request,
            new Admission.Quote(new Money(random.nextInt(900_000), "CNY"), n * 1000L),
            "beijing",
            clock.instant(),
            Duration.ofMinutes(30));
    try {
      rows.admit(
          asked, new LedgerEntry(Kind.HOLD, asked.hold(), null), Resend.NONE, 1, Long.MAX_VALUE);
      snapshots.add(asked);
    } catch (GatewayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INSUFFICIENT_QUOTA);
    }
  }

  private void move(Generation seen) {
    Generation known = seen;
    switch (seen.state()) {
      case ADMITTED -> {
        switch (random.nextInt(6)) {
          case 0 -> endings.cancel(seen, null);
          case 1 -> endings.expire(seen);
          default -> rows.intend(seen, "beijing", "ref", clock.instant());
        }
      }
      case DISPATCHING -> {
        switch (random.nextInt(5)) {
          case 0 -> endings.doubt(seen, "reset");
          case 1 -> endings.tryAgain(seen, refusal(), AttemptOutcome.NOT_SENT);
          case 2 -> endings.refuse(seen, refusal(), AttemptOutcome.REJECTED);
          default ->
              rows.accepted(
                  seen,
                  "task-" + seen.id() + "-" + seen.attempts(),
                  null,
                  clock.instant(),
                  clock.instant());
        }
      }
      case UNCERTAIN -> {
        switch (random.nextInt(4)) {
          case 0 -> endings.unresolved(seen, "nobody knows");
          case 1 -> endings.tryAgain(seen, refusal(), AttemptOutcome.DISPROVED);
          default ->
              rows.adopted(
                  seen,
                  new ListedTask(
                      "task-" + seen.id() + "-" + seen.attempts(),
                      "RUNNING",
                      null,
                      null,
                      null,
                      null),
                  clock.instant());
        }
      }
      case SUBMITTED -> {
        switch (random.nextInt(5)) {
          case 0 -> endings.refuse(seen, refusal(), AttemptOutcome.FAILED_UNBILLED);
          case 1 -> endings.cancel(seen, AttemptOutcome.CANCELLED);
          default -> announce(seen);
        }
      }
      case FETCHING -> {
        for (Generation.Picture picture : seen.pictures()) {
          if (picture.stored() == null && random.nextBoolean()) {
            store(seen, picture.index());
          }
        }
        Generation fetched = now(seen);
        known = fetched;
        int stored = fetched.storedImages().size();
        if (fetched.state() == State.FETCHING
            && (stored == fetched.pictures().size() || random.nextInt(3) == 0)) {
          endings.settle(fetched, stored, fetched.pictures().size() - stored);
        }
      }
      case SUCCEEDED, FAILED, CANCELLED, LOST, UNRESOLVED -> {}
    }
    Generation after = now(known);
    if (snapshots.size() < 2000) {
      snapshots.add(after);
    }
  }

  private void announce(Generation seen) {
    int made = 1 + random.nextInt(seen.request().n());
    rows.announced(
        seen,
        IntStream.range(0, made).mapToObj(i -> "https://a/" + i).toList(),
        "{}",
        null,
        List.of(LedgerEntry.cost(Kind.COST, seen.unitPrice(), made, seen.attempts())),
        clock.instant());
  }

  private void store(Generation seen, int index) {
    String id = "img_" + seen.id() + "_" + index;
    rows.pictureStored(
        seen.id(),
        index,
        new StoredImage(id, "ab", 10, ImageFormat.PNG, 40, 20, "images/" + id),
        clock.instant());
  }

  private static Refusal refusal() {
    return new Refusal(
        Refusal.Next.RETRY_FEW, ErrorCode.UPSTREAM_FAILED, "no", "InternalError", null, null);
  }

  private void finish(String id) {
    for (int i = 0; i < 500; i++) {
      Generation now = rows.find(id).orElseThrow();
      if (now.state().terminal()) {
        return;
      }
      move(now);
    }
    throw new AssertionError(id + " does not end");
  }

  private void checkBudgets() {
    for (Scope scope : Scope.values()) {
      List<String> ids = scope == Scope.KEY ? KEYS : List.of("default", "proj_2");
      for (String id : ids) {
        for (Budget.Standing standing : budgets.list(scope, id, clock.instant())) {
          assertThat(standing.reserved().micros() + standing.spent().micros())
              .as("%s", standing)
              .isLessThanOrEqualTo(standing.budget().amount().micros());
        }
      }
    }
    assertThat(new dev.moongate.db.CounterCheck(database).differences()).isEmpty();
  }
}
