package dev.moongate.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * A copy of a SQLite database as it was at one moment, made while a gateway may be writing to it.
 *
 * @param bytes its size
 * @param generations how many are in it
 */
public record SqliteBackup(Path file, long bytes, long generations) {
  /**
   * Makes the copy, checks it, and puts it in its place once it is on the disk. Blocks; not for
   * virtual threads, which SQLite pins.
   *
   * @param file where nothing is yet, in a folder that is there
   * @throws UnfitDatabaseException if the database cannot be read, or the copy is not whole
   * @throws IOException if the copy cannot be written; nothing of it is left then
   */
  public static SqliteBackup make(Path database, Path file) throws IOException {
    if (!Files.isRegularFile(database)) {
      throw new UnfitDatabaseException(List.of("there is no database " + database));
    }
    Path nativeDirectory = database.toAbsolutePath().resolveSibling("tmp");
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    // Under another name until it is whole: half a copy must never be taken for one.
    Path unfinished =
        Files.createTempFile(
            folder,
            file.getFileName() + ".",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      copy(new Sqlite(database, nativeDirectory), unfinished);
      long generations = check(unfinished, new Sqlite(unfinished, nativeDirectory));
      sync(unfinished, StandardOpenOption.WRITE);
      Files.move(unfinished, file);
      sync(folder, StandardOpenOption.READ);
      return new SqliteBackup(file, Files.size(file), generations);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void copy(Sqlite database, Path to) throws IOException {
    // Not as a read-only connection: to SQLite even this is writing.
    try (Connection connection = database.open()) {
      new Sql(connection).update("VACUUM INTO ?", to.toString());
    } catch (SQLException e) {
      throw new IOException("the database cannot be copied: " + e.getMessage(), e);
    }
  }

  private static long check(Path copy, Sqlite sqlite) {
    try (ReadOnlyDatabase database = ReadOnlyDatabase.sqlite(copy, sqlite)) {
      return database.read(sql -> {
        List<String> faults =
            sql.list("PRAGMA integrity_check", row -> row.text("integrity_check"));
        if (!faults.equals(List.of("ok"))) {
          throw new UnfitDatabaseException(
              List.of("the copy is not whole: " + String.join("; ", faults)));
        }
        return sql.number("SELECT COUNT(*) AS value FROM generation");
      });
    }
  }

  private static void sync(Path file, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(file, option)) {
      channel.force(true);
    }
  }
}
