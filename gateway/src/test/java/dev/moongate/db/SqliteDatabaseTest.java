package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest extends DatabaseContract {
  @TempDir Path home;

  private Path file() {
    return home.resolve("moongate.db");
  }

  @Override
  Database open() {
    return Database.open(file(), () -> {});
  }

  @Override
  Database openBeside() {
    return open();
  }

  @Test
  void aFullDiskBreaksTheDatabaseForGoodAndSaysSo() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (Database database = Database.open(file(), told::countDown)) {
      database.write(sql -> put(sql, "before"));
      // SQLite's own limit gives the same error as a full disk.
      database.write(
          sql -> sql.first("PRAGMA max_page_count = 1", row -> row.number("max_page_count")));

      assertThatThrownBy(() -> database.write(sql -> put(sql, "x".repeat(1_000_000))))
          .isInstanceOfSatisfying(
              GatewayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
      assertThat(told.await(120, TimeUnit.SECONDS)).isTrue();
      assertThat(database.broken()).isTrue();
      assertThatThrownBy(() -> database.write(sql -> put(sql, "after")))
          .isInstanceOf(GatewayException.class);
      assertThat(names(database)).containsExactly("before");
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
  void aClosedDatabaseIsOneFile() {
    Database database = open();
    database.write(sql -> put(sql, "a row"));
    database.close();
    assertThat(home.resolve("moongate.db-wal")).doesNotExist();
  }

  private String mode(String name) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name)));
  }

  private static String pragma(Sql sql, String name) throws SQLException {
    return sql.first("PRAGMA " + name, row -> row.text(name)).orElseThrow();
  }
}
