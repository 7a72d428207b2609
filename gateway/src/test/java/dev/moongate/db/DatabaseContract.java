package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every database promises. */
@Timeout(300)
abstract class DatabaseContract {
  /** The same database at every call, as its gateway. */
  abstract Database open();

  /** The same database as the command line opens it. */
  abstract Database openBeside();

  static int put(Sql sql, String name) throws SQLException {
    return sql.update("INSERT INTO setting (name, value) VALUES (?, 'x')", name);
  }

  static Set<String> names(Database database) {
    return Set.copyOf(
        database.read(sql -> sql.list("SELECT name FROM setting", row -> row.text("name"))));
  }

  @Test
  void everyAcknowledgedRowOf200ConcurrentWritersIsThereAfterReopeningAndNoOther()
      throws InterruptedException {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Set<String> failed = ConcurrentHashMap.newKeySet();
    try (Database database = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        String name = "row-" + i;
        boolean bad = i % 10 == 0;
        threads.execute(() -> {
          try {
            writeInTheEnd(
                database,
                sql -> {
                  put(sql, name);
                  if (bad) {
                    throw new IllegalArgumentException("spoiled");
                  }
                  return true;
                });
            acknowledged.add(name);
          } catch (IllegalArgumentException e) {
            failed.add(name);
          }
        });
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(failed).hasSize(20);
    assertThat(acknowledged).hasSize(180);
    try (Database again = open()) {
      assertThat(names(again)).isEqualTo(acknowledged);
    }
  }

  /** On a slow machine some find no connection in time; then nothing was written. */
  private static void writeInTheEnd(Database database, Database.Work<Boolean> work) {
    while (true) {
      try {
        database.write(work);
        return;
      } catch (GatewayException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      }
    }
  }

  @Test
  void aFailingClosureInAGroupIsUndoneAloneAndItsCallerHearsWhy() throws Exception {
    try (Database database = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<?> first =
          threads.submit(() ->
              database.write(sql -> {
                begun.countDown();
                awaitQuietly(go);
                return put(sql, "first");
              }));
      begun.await();
      List<Future<?>> group = new ArrayList<>();
      for (String name : List.of("a", "first", "b")) {
        group.add(threads.submit(() -> database.write(sql -> put(sql, name))));
      }
      go.countDown();

      first.get();
      group.get(0).get();
      group.get(2).get();
      assertThatThrownBy(() -> group.get(1).get())
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(SQLException.class);
      assertThat(names(database)).containsExactlyInAnyOrder("first", "a", "b");
    }
  }

  @Test
  void aSecondConnectionMayWriteWhileTheFirstIsOpen() {
    try (Database gateway = open();
        Database cli = openBeside()) {
      gateway.write(sql -> put(sql, "gateway"));
      cli.write(sql -> put(sql, "cli"));
      gateway.write(sql -> put(sql, "gateway again"));

      assertThat(names(gateway)).containsExactlyInAnyOrder("gateway", "cli", "gateway again");
    }
  }

  @Test
  void aReaderCannotWrite() {
    try (Database database = open()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> database.read(sql -> put(sql, "sneaky")))
          .havingRootCause()
          .isInstanceOf(SQLException.class);
      assertThat(names(database)).isEmpty();
    }
  }

  @Test
  void workInsideWorkIsRefusedInsteadOfWaitingForItself() {
    try (Database database = open()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> database.write(sql -> database.write(s -> put(s, "inner"))));
    }
  }

  @Test
  void aDatabaseOfANewerVersionOrWithOtherScriptsIsNotOpened() {
    try (Database database = open()) {
      database.write(sql -> sql.update("UPDATE schema_version SET checksum = 1 WHERE version = 1"));
    }
    assertThatIllegalStateException().isThrownBy(this::open).withMessageContaining("script");
  }

  @Test
  void aDatabaseFromBeforeTasksWereUniqueLeavesEachToItsFirstAttempt() {
    try (Database database = open()) {
      database.write(sql -> {
        sql.script("DROP INDEX attempt_task");
        sql.script("CREATE INDEX attempt_task ON attempt (account, task)");
        sql.script("DROP INDEX generation_of_key; DROP INDEX generation_of_account");
        sql.update("DELETE FROM schema_version WHERE name LIKE '%V13%' OR name LIKE '%V14%'");
        sql.script(
            """
            INSERT INTO api_key (id, organisation_id, project_id, name, hash, last_four,
              origin, created_at) VALUES ('k', 'default', 'default', 'k', 'h', 'l', 'o', 0);
            INSERT INTO generation (id, organisation_id, project_id, key_id, model, n, fingerprint,
              retry_count, disk, state, epoch, unit_price, currency, attempts, created_at, due_at,
              deadline_at) VALUES ('g', 'default', 'default', 'k', 'm', 1, 'f', 0, 0, 'ADMITTED',
              0, 1, 'CNY', 4, 0, 0, 0);
            INSERT INTO attempt (generation_id, no, account, key_reference, intent_at, outcome,
              task, reason) VALUES
              ('g', 1, 'a', 'r', 5, 'ACCEPTED', 't', 'late'),
              ('g', 2, 'a', 'r', 4, 'ACCEPTED', 't', NULL),
              ('g', 3, 'a', 'r', 9, 'ACCEPTED', 'u', NULL),
              ('g', 4, 'b', 'r', 9, 'ACCEPTED', 't', NULL),
              ('g', 5, 'b', 'r', 9, 'ACCEPTED', NULL, NULL),
              ('g', 6, 'b', 'r', 9, 'ACCEPTED', NULL, NULL);
            """);
        return true;
      });
    }
    try (Database database = open()) {
      List<String> attempts =
          database.read(sql ->
              sql.list(
                  "SELECT no, task, reason FROM attempt WHERE no < 5 ORDER BY no",
                  row ->
                      row.integer("no")
                          + " "
                          + row.textOrNull("task")
                          + " "
                          + row.textOrNull("reason")));
      assertThat(attempts)
          .containsExactly(
              "1 null late; its task t is another attempt's", "2 t null", "3 u null", "4 t null");
    }
  }

  @Test
  void aClosedDatabaseRefusesAndKeepsWhatItHas() {
    Database database = open();
    database.write(sql -> put(sql, "a row"));
    database.close();
    database.close();
    assertThatThrownBy(() -> names(database)).isInstanceOf(GatewayException.class);
    assertThatThrownBy(() -> database.write(sql -> put(sql, "late")))
        .isInstanceOf(GatewayException.class);
    try (Database again = open()) {
      assertThat(names(again)).containsExactly("a row");
    }
  }

  @Test
  void closingWaitsForWorkThatHasBegun() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Database database = open();
      Future<?> slow =
          threads.submit(() ->
              database.write(sql -> {
                begun.countDown();
                awaitQuietly(go);
                return put(sql, "slow");
              }));
      begun.await();
      Future<?> closing = threads.submit(database::close);
      go.countDown();
      slow.get();
      closing.get();
    }
    try (Database again = open()) {
      assertThat(names(again)).containsExactly("slow");
    }
  }

  @Test
  void anInterruptedCallerStillHearsWhatBecameOfItsWork() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    try (Database database = open()) {
      Thread caller =
          Thread.startVirtualThread(() -> {
            database.write(sql -> {
              begun.countDown();
              awaitQuietly(go);
              return put(sql, "a row");
            });
            told.countDown();
          });
      begun.await();
      caller.interrupt();
      go.countDown();
      assertThat(told.await(120, TimeUnit.SECONDS)).isTrue();
      assertThat(names(database)).containsExactly("a row");
    }
  }

  @Test
  void anOpenDatabaseIsHeldAndWhole() {
    try (Database database = open()) {
      assertThat(database.held()).isTrue();
      assertThat(database.broken()).isFalse();
    }
  }

  @Test
  void aTextWithTheOneCharacterThatPostgresqlLacksIsStoredAllTheSame() {
    try (Database database = open()) {
      database.write(sql -> put(sql, "a\0b"));
      assertThat(names(database)).containsExactly("a\uFFFDb");
    }
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
