package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.testing.Await;
import dev.moongate.testing.EmbeddedPostgres;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresDatabaseTest extends DatabaseContract {
  private static final EmbeddedPostgres SERVER = EmbeddedPostgres.shared();

  private final String url = EmbeddedPostgres.newDatabase();

  @Override
  Database open() {
    return PostgresDatabase.open(url, () -> {});
  }

  @Override
  Database openBeside() {
    return PostgresDatabase.openBeside(url);
  }

  private String database() {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  private void terminate(String where) {
    SERVER.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND %s"
            .formatted(database(), where));
  }

  private static String problem(String url) {
    return catchThrowableOfType(
            UnfitDatabaseException.class, () -> PostgresDatabase.open(url, () -> {}).close())
        .getMessage();
  }

  @Test
  void aSecondGatewayDoesNotStartAndIsToldWhoIsThere() {
    try (Database first = open()) {
      assertThat(problem(url))
          .contains("in use by another gateway (moongate ")
          .contains(" " + ProcessHandle.current().pid() + ")")
          .contains(database());
      assertThat(first.held()).isTrue();
    }
    try (Database next = open()) {
      assertThat(next.held()).isTrue();
    }
  }

  @Test
  void whoLosesTheLockKnowsAndCanStillWrite() {
    try (Database database = open()) {
      terminate("application_name LIKE 'moongate %'");
      Await.until("the loss was noticed", () -> !database.held());
      database.write(sql -> put(sql, "a late word"));
      try (Database next = open()) {
        assertThat(next.held()).isTrue();
        assertThat(database.held()).isFalse();
        assertThat(names(next)).containsExactly("a late word");
      }
    }
  }

  @Test
  void theCommandLineHoldsNothing() {
    try (Database cli = openBeside();
        Database gateway = open()) {
      assertThat(cli.held()).isFalse();
      assertThat(gateway.held()).isTrue();
    }
  }

  @Test
  void aServerThatDoesNotSyncIsRefused() {
    try (EmbeddedPostgres careless =
        EmbeddedPostgres.start(Map.of("fsync", "off", "full_page_writes", "off"))) {
      assertThat(problem(careless.url("postgres")))
          .contains("fsync=off")
          .contains("full_page_writes=off")
          .doesNotContain("synchronous_commit");
    }
    SERVER.execute("ALTER DATABASE " + database() + " SET synchronous_commit = off");
    assertThat(problem(url)).contains("synchronous_commit=off");
  }

  @Test
  void aStandbyAndADatabaseOfAnotherEncodingAreRefused() {
    SERVER.execute("ALTER DATABASE " + database() + " SET default_transaction_read_only = on");
    assertThat(problem(url)).contains("read-only");
    SERVER.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    assertThat(problem(SERVER.url("latin"))).contains("LATIN1").contains("UTF8");
  }

  @Test
  void anOldServerIsRefused() {
    assertThat(new ServerState(14, false, "UTF8", "on", "on", "on").problems("h/d"))
        .containsExactly("the database h/d is PostgreSQL 14; Moongate needs 15 or newer");
    assertThat(new ServerState(15, false, "UTF8", "on", "on", "remote_apply").problems("h/d"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://me:hunter2@127.0.0.1:1/db",
        "jdbc:postgresql://127.0.0.1:1/db?user=me&password=hunter2",
        "jdbc:postgresql://me:hunter2@no-such-host.invalid/db",
        "jdbc:postgresql://me:hunter2/4@127.0.0.1/db",
        "jdbc:postgresql://hunter2:1/x@127.0.0.1/db",
        "jdbc:postgresql://hunter2:1?x@127.0.0.1/db",
        "jdbc:postgresql://me:hunter2%zz@127.0.0.1/db",
        "jdbc:postgresql://me:hunter2@127.0.0.1:port/db",
        "jdbc:postgresql://me:hunter2@127.0.0.1:99999/db",
        "jdbc:postgresql:me:hunter2@127.0.0.1/db",
        "jdbc:postgresql://me:hunter2@[::1]:1/db",
        "jdbc:postgresql://me@127.0.0.1:1/db?password=hunter2%zz"
      })
  void noMessageHoldsThePassword(String url) {
    UnfitDatabaseException refused =
        catchThrowableOfType(
            UnfitDatabaseException.class, () -> PostgresDatabase.open(url, () -> {}));
    for (Throwable e = refused; e != null; e = e.getCause()) {
      assertThat(e.toString()).doesNotContain("hunter2");
    }
    assertThat(refused.problems()).hasSize(1);
  }

  @Test
  void aPasswordOfAnyCharactersReachesTheDriver() {
    String odd =
        "jdbc:postgresql://odd:p%%40s:s%%2Fw%%3F%%C3%%B6+%%20%%25@127.0.0.1:%d/%s?connectTimeout=7"
            .formatted(SERVER.port(), database());
    assertThat(PostgresServer.at(odd).credentials()).isEqualTo("odd p@s:s/w?ö+ %");
    assertThat(PostgresServer.at(odd).name())
        .isEqualTo("127.0.0.1:" + SERVER.port() + "/" + database());
  }

  @Test
  void aConnectionThatEndsInTheMiddleFailsItsWriteAndLosesNoOther() {
    try (Database database = open()) {
      database.write(sql -> put(sql, "before"));
      assertThatThrownBy(() ->
              database.write(sql -> {
                put(sql, "never");
                return sql.first("SELECT pg_terminate_backend(pg_backend_pid())", row -> row);
              }))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
      database.write(sql -> put(sql, "after"));
      assertThat(names(database)).containsExactlyInAnyOrder("before", "after");
    }
  }

  @Test
  void aConnectionThatEndsInTheCommitLeavesTheOutcomeUnknownAndSaysSo() {
    try (Database database = open()) {
      database.write(sql -> {
        sql.script(
            """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
              'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER die AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED
              FOR EACH ROW WHEN (NEW.name = 'fatal') EXECUTE FUNCTION die()
            """);
        return put(sql, "before");
      });
      assertThatThrownBy(() -> database.write(sql -> put(sql, "fatal")))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
      assertThat(names(database)).containsExactly("before");
    }
  }

  @Test
  void whateverConnectionsEndWhatWasAcknowledgedIsThereAndWhatWasRefusedIsNot() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    Set<String> refused = ConcurrentHashMap.newKeySet();
    Set<String> unknown = ConcurrentHashMap.newKeySet();
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    try (Database database = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        threads.execute(() -> {
          while (!stop.get()) {
            String name = "row-" + next.incrementAndGet();
            try {
              database.write(sql -> put(sql, name));
              acknowledged.add(name);
            } catch (GatewayException e) {
              (e.code() == ErrorCode.OUTCOME_UNKNOWN ? unknown : refused).add(name);
            }
          }
        });
      }
      for (int round = 1; round <= 10; round++) {
        int enough = round * 20;
        Await.until("rows were written", () -> acknowledged.size() > enough);
        terminate("application_name = 'moongate'");
      }
      stop.set(true);
      threads.shutdown();
      assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
      Set<String> there = names(database);
      assertThat(there).containsAll(acknowledged).doesNotContainAnyElementsOf(refused);
      assertThat(refused.size() + unknown.size()).as("something was hit").isPositive();
    }
  }

  @Test
  void twoTransactionsInEachOthersWayAreBothDoneInTheEnd() throws Exception {
    try (Database database = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      database.write(sql -> put(sql, "a") + put(sql, "b"));
      CyclicBarrier bothHaveOne = new CyclicBarrier(2);
      AtomicInteger runs = new AtomicInteger();
      Future<?> forth = threads.submit(() -> swap(database, "a", "b", runs, bothHaveOne));
      Future<?> back = threads.submit(() -> swap(database, "b", "a", runs, bothHaveOne));
      forth.get();
      back.get();
      // One of them was undone and run again; the server may choose more than once.
      assertThat(runs.get()).isBetween(3, 10);
      assertThat(EmbeddedPostgres.rows(url, "SELECT value FROM setting")).containsOnly("xxx");
    }
  }

  private static int swap(
      Database database, String first, String second, AtomicInteger runs, CyclicBarrier barrier) {
    String append = "UPDATE setting SET value = value || 'x' WHERE name = ?";
    return database.write(sql -> {
      int run = runs.incrementAndGet();
      int changed = sql.update(append, first);
      if (run <= 2) {
        try {
          barrier.await();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      return changed + sql.update(append, second);
    });
  }

  @Test
  void aLockThatIsNotHadInTimeIsARefusalAndNotAnEndlessWait() throws Exception {
    try (Database database = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<?> holder =
          threads.submit(() ->
              database.write(sql -> {
                put(sql, "a");
                locked.countDown();
                awaitQuietly(go);
                return true;
              }));
      locked.await();
      assertThatThrownBy(() -> database.write(sql -> put(sql, "a")))
          .isInstanceOf(GatewayException.class);
      go.countDown();
      holder.get();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "statement_timeout,15s",
    "lock_timeout,5s",
    "idle_in_transaction_session_timeout,30s",
    "synchronous_commit,on"
  })
  void everySessionKeepsItsLimitsAlsoAfterATransactionThatWasUndone(String setting, String value) {
    try (Database database = open()) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> database.write(sql -> sql.update("UPDATE nothing SET a = 1")))
            .isInstanceOf(IllegalStateException.class);
        assertThat(
                database.<String>write(
                    sql -> sql.first("SHOW " + setting, row -> row.text(setting)).orElseThrow()))
            .isEqualTo(value);
      }
    }
  }

  @Test
  void anUnreachableServerIsARefusalThatMayBeRepeated() {
    EmbeddedPostgres own = EmbeddedPostgres.start(Map.of());
    Database database = PostgresDatabase.open(own.url("postgres"), () -> {});
    try {
      database.write(sql -> put(sql, "before"));
      own.close();
      assertThatThrownBy(() -> database.write(sql -> put(sql, "after")))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
      assertThatThrownBy(() -> names(database)).isInstanceOf(GatewayException.class);
    } finally {
      database.close();
    }
  }
}
