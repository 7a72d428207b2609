package dev.moongate.cli;

import dev.moongate.HomeBackup;
import dev.moongate.db.SqliteBackup;
import dev.moongate.settings.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moongate backup}: a copy of the database. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description =
        "Copies the database to a new file, also while a gateway runs. Pictures are not in it.")
final class BackupCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "where the copy goes; nothing may be there yet")
  private Path file = Path.of("");

  @Mixin private HomeOptions home = new HomeOptions();

  @Override
  public Integer call() {
    if (home.database() != null) {
      throw new CliException(
          "The database is PostgreSQL; copy it with its own tool, say"
              + " `pg_dump --format=custom --file=FILE DATABASE`. Pictures are files: copy "
              + home.home().resolve("store")
              + " after it.");
    }
    Path copy = file.toAbsolutePath();
    requireFree(copy);
    SqliteBackup backup = make(copy);
    String store = Banner.quoted(home.home().resolve("store").toAbsolutePath().toString());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %,d bytes, %d generations, checked and on disk%n",
        backup.file(), backup.bytes(), backup.generations());
    out.printf(
        "Pictures are not in it. Copy them too, after it, so that it names none that you miss:%n");
    out.printf("  cp -R %s BACKUP/store%n", store);
    out.printf("To start from it, in a home of its own:%n");
    out.printf(
        "  mkdir NEW && cp %s NEW/moongate.db && cp -R BACKUP/store NEW/store%n",
        Banner.quoted(copy.toString()));
    out.printf("  %s serve --home NEW --restored%n", Banner.launcher());
    return 0;
  }

  private SqliteBackup make(Path copy) {
    try {
      return HomeBackup.make(home.home(), copy);
    } catch (IOException e) {
      throw new CliException("Nothing was copied: " + e.getMessage());
    } catch (SettingsException e) {
      throw new CliException("Nothing was copied: " + String.join("; ", e.problems()));
    }
  }

  private static void requireFree(Path copy) {
    if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliException(copy + " is there already, and a backup replaces nothing");
    }
    Path folder = Objects.requireNonNull(copy.getParent());
    if (!Files.isDirectory(folder)) {
      throw new CliException("There is no folder " + folder);
    }
  }
}
