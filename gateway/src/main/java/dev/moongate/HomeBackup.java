package dev.moongate;

import dev.moongate.db.SqliteBackup;
import dev.moongate.db.UnfitDatabaseException;
import dev.moongate.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;

/** Copies the database of a home, also while a gateway runs on it; its pictures are files. */
public final class HomeBackup {
  private HomeBackup() {}

  /**
   * Makes a copy of the home's SQLite.
   *
   * @param file where nothing is yet, in a folder that is there
   * @throws SettingsException if the database cannot be read
   */
  public static SqliteBackup make(Path home, Path file) throws IOException {
    try {
      return SqliteBackup.make(Home.database(home), file);
    } catch (UnfitDatabaseException e) {
      throw new SettingsException(e.problems());
    }
  }
}
