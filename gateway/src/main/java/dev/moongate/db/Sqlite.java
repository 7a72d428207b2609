package dev.moongate.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;

/**
 * How a connection to the database file is made, so that an acknowledged commit survives a power
 * cut.
 */
final class Sqlite {
  private static final int PRIMARY_CODE = 0xff;

  private final Path file;

  Sqlite(Path file, Path nativeDirectory) {
    this.file = file;
    try {
      Files.createDirectories(
          nativeDirectory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.setPosixFilePermissions(nativeDirectory, PosixFilePermissions.fromString("rwx------"));
      if (!Files.exists(file)) {
        // SQLite gives its side files the permissions of the database.
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (java.nio.file.FileAlreadyExistsException e) {
      // Another process was faster: its file is ours too.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the database " + file, e);
    }
    // The driver knows no other way, and unpacks to the world-writable /tmp otherwise.
    System.setProperty("org.sqlite.tmpdir", nativeDirectory.toString());
  }

  /** A connection that may write, in WAL mode. */
  Connection connect() throws SQLException {
    Connection connection = open();
    try {
      Sql sql = new Sql(connection);
      String mode = sql.first("PRAGMA journal_mode = WAL", r -> r.text("journal_mode")).orElse("");
      if (!mode.equals("wal")) {
        throw new SQLException("its file system cannot share a write-ahead log: " + mode);
      }
      sql.script("PRAGMA synchronous = FULL");
      sql.script("PRAGMA journal_size_limit = 67108864");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** A connection that refuses to write. */
  Connection connectReadOnly() throws SQLException {
    Connection connection = open();
    try {
      new Sql(connection).script("PRAGMA query_only = ON");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Whether nobody knows any more what is on the disk, or it is full: going on as if written is not
   * possible after that.
   */
  static boolean diskFailed(SQLException failure) {
    int code = failure.getErrorCode() & PRIMARY_CODE;
    return code == SQLiteErrorCode.SQLITE_IOERR.code
        || code == SQLiteErrorCode.SQLITE_FULL.code
        || code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  /** A connection that takes the file as it is. */
  Connection open() throws SQLException {
    Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
    try {
      Sql sql = new Sql(connection);
      sql.first("PRAGMA busy_timeout = 5000", row -> row);
      sql.script("PRAGMA foreign_keys = ON");
      sql.script("PRAGMA trusted_schema = OFF");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }
}
