package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DatabaseTest {
  @TempDir Path home;

  private Database open() {
    return open(() -> {});
  }

  private Database open(Runnable onBroken) {
    return Database.open(home.resolve("moongate.db"), onBroken);
  }

  private static int put(Sql sql, String name) throws SQLException {
    return sql.update("INSERT INTO setting (name, value) VALUES (?, 'x')", name);
  }

  private static Set<String> names(Database database) {
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
            database.write(sql -> {
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
      assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(failed).hasSize(20);
    assertThat(acknowledged).hasSize(180);
    try (Database again = open()) {
      assertThat(names(again)).isEqualTo(acknowledged);
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
  void aFullDiskBreaksTheDatabaseForGoodAndSaysSo() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (Database database = open(told::countDown)) {
      database.write(sql -> put(sql, "before"));
      // SQLite's own limit gives the same error as a full disk.
      database.write(
          sql -> sql.first("PRAGMA max_page_count = 1", row -> row.number("max_page_count")));

      assertThatThrownBy(() -> database.write(sql -> put(sql, "x".repeat(1_000_000))))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
      assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(database.broken()).isTrue();
      assertThatThrownBy(() -> database.write(sql -> put(sql, "after")))
          .isInstanceOf(GatewayException.class);
      assertThat(names(database)).containsExactly("before");
    }
  }

  @Test
  void aSecondConnectionMayWriteWhileTheFirstIsOpen() {
    try (Database gateway = open();
        Database cli = open()) {
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
          .withRootCauseInstanceOf(SQLException.class);
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
  void everyCommitIsSyncedAndTheFileIsTheOwnersAlone() throws Exception {
    try (Database database = open()) {
      database.write(sql -> put(sql, "a row"));
      assertThat(database.<String>write(sql -> pragma(sql, "journal_mode"))).isEqualTo("wal");
      assertThat(database.<String>write(sql -> pragma(sql, "synchronous"))).isEqualTo("2");
      assertThat(database.<String>write(sql -> pragma(sql, "foreign_keys"))).isEqualTo("1");
      assertThat(database.<String>write(sql -> pragma(sql, "trusted_schema"))).isEqualTo("0");
      assertThat(mode("moongate.db")).isEqualTo("rw-------");
      assertThat(mode("moongate.db-wal")).isEqualTo("rw-------");
      assertThat(mode("tmp")).isEqualTo("rwx------");
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
  void aClosedDatabaseIsOneFileAndRefuses() {
    Database database = open();
    database.write(sql -> put(sql, "a row"));
    assertThat(names(database)).containsExactly("a row");
    database.close();
    database.close();
    assertThat(home.resolve("moongate.db-wal")).doesNotExist();
    assertThatThrownBy(() -> names(database)).isInstanceOf(GatewayException.class);
  }

  private String mode(String name) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name)));
  }

  private static String pragma(Sql sql, String name) throws SQLException {
    return sql.first("PRAGMA " + name, row -> row.text(name)).orElseThrow();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
