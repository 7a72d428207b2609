package dev.moongate;

import dev.moongate.db.Database;
import dev.moongate.db.PostgresDatabase;
import dev.moongate.db.ReadOnlyDatabase;
import dev.moongate.db.SettingTable;
import dev.moongate.db.SqliteDatabase;
import dev.moongate.db.UnfitDatabaseException;
import dev.moongate.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens PostgreSQL if the settings name it, and the home's SQLite if not. */
final class DatabaseChoice {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseChoice.class);

  private DatabaseChoice() {}

  /**
   * For the gateway: no other gateway may have it.
   *
   * @param onBroken called when nothing can be written any more
   * @param onLost called when another gateway may have it
   */
  static Database open(Path home, @Nullable String url, Runnable onBroken, Runnable onLost)
      throws IOException {
    HomeDisk disk = HomeDisk.of(home);
    if (disk.vanishesWithItsContainer()) {
      LOG.warn(
          "the home {} is a layer of a container and vanishes with it, pictures and all; mount a"
              + " volume there",
          home);
    }
    return url == null
        ? sqlite(home, disk, onBroken)
        : fit(() -> PostgresDatabase.open(url, onLost));
  }

  /**
   * Keeps a ledger to its one currency: what is spent in one cannot be counted in another.
   *
   * @throws SettingsException if the settings name another than the one that it was begun with
   */
  static void requireCurrency(Database database, String currency) {
    String begun = new SettingTable(database).findOrMake("currency", () -> currency);
    if (!begun.equals(currency)) {
      throw new SettingsException(
          List.of(
              "`currency` is %s, and this ledger is kept in %s; set it back, or begin with another --home or database"
                  .formatted(currency, begun)));
    }
  }

  /** For the command line: beside a gateway, if there is one. */
  static Database openBeside(Path home, @Nullable String url) throws IOException {
    return url == null
        ? sqlite(home, HomeDisk.of(home), () -> {})
        : fit(() -> PostgresDatabase.openBeside(url));
  }

  /** To look at, beside a gateway, if there is one. */
  static ReadOnlyDatabase openToRead(Path home, @Nullable String url) {
    return fit(() ->
        url == null
            ? ReadOnlyDatabase.sqlite(Home.database(home))
            : ReadOnlyDatabase.postgres(url));
  }

  private static Database sqlite(Path home, HomeDisk disk, Runnable onBroken) {
    if (disk.network()) {
      throw new SettingsException(
          List.of(
              "the home %s is on a network file system (%s), where SQLite loses data; choose a --home on a local disk, or set `database` to a PostgreSQL"
                  .formatted(home, disk.type())));
    }
    return SqliteDatabase.open(Home.database(home), onBroken);
  }

  private static <T> T fit(Supplier<T> open) {
    try {
      return open.get();
    } catch (UnfitDatabaseException e) {
      throw new SettingsException(e.problems());
    }
  }
}
