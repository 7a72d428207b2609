package dev.moongate;

import dev.moongate.db.Audit;
import dev.moongate.db.AuditedPictures;
import dev.moongate.db.ReadOnlyDatabase;
import dev.moongate.provider.ApiKey;
import dev.moongate.store.DiskImageStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks all that must hold of a home, also while a gateway runs on it; changes nothing. */
public record HomeAudit(Path home, @Nullable String database, List<ApiKey> providerKeys) {
  /**
   * @param database the URL of PostgreSQL; null for the home's own SQLite
   * @param providerKeys credentials that must stand in no row
   */
  public HomeAudit {
    providerKeys = List.copyOf(providerKeys);
  }

  /**
   * What was found.
   *
   * @param pictures how many stored ones were compared with their files
   */
  public record Report(
      long generations,
      long attempts,
      long ledgerLines,
      long pictures,
      List<Audit.Violation> violations) {
    public Report {
      violations = List.copyOf(violations);
    }
  }

  /**
   * Looks at everything.
   *
   * @param quick whether of a picture's file its length is enough
   * @throws dev.moongate.settings.SettingsException if the database cannot be read
   */
  public Report run(boolean quick, InstantSource clock) {
    try (ReadOnlyDatabase open = DatabaseChoice.openToRead(home, database)) {
      List<String> secrets = providerKeys.stream().map(ApiKey::secret).toList();
      Audit.Findings rows = new Audit(open, secrets, clock.instant()).run();
      PictureAudit pictures =
          new PictureAudit(
              new AuditedPictures(open), DiskImageStore.beside(home.resolve("store")), quick);
      pictures.run();
      List<Audit.Violation> violations = new ArrayList<>(rows.violations());
      violations.addAll(pictures.violations());
      return new Report(
          rows.generations(), rows.attempts(), rows.ledgerLines(), pictures.checked(), violations);
    }
  }
}
