package dev.moongate.webhook;

import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Role;
import dev.moongate.db.Database;
import dev.moongate.db.GenerationTable;
import dev.moongate.db.KeyTable;
import dev.moongate.db.WebhookTable;
import dev.moongate.error.ErrorCode;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Money;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.policy.LedgerEntry.Kind;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A real database in which generations end. */
final class EndedGenerations implements AutoCloseable {
  private final Path file;
  private final InstantSource clock;
  private final Database database;
  private final GenerationTable generations;
  private final WebhookTable webhooks;

  EndedGenerations(Path home, InstantSource clock) {
    this.file = home.resolve("moongate.db");
    this.clock = clock;
    this.database = Database.open(file, () -> {});
    this.generations = new GenerationTable(database);
    this.webhooks = new WebhookTable(database, clock);
  }

  void delete(String keyId) {
    new KeyTable(database, clock).delete(keyId, "test");
  }

  WebhookTable webhooks() {
    return webhooks;
  }

  Optional<Generation> find(String id) {
    return generations.find(id);
  }

  void key(String id) {
    Key key = Key.generate(new SecureRandom());
    new KeyTable(database, clock)
        .add(
            new KeyRow(
                id,
                "default",
                "default",
                "a name",
                key.hash(),
                key.lastFour(),
                KeyTerms.of(Role.MEMBER),
                "keys-add",
                clock.instant(),
                null,
                null,
                null),
            "test");
  }

  /** Admits a generation of a key and lets it fail. */
  boolean end(String id, String key) {
    Instant now = clock.instant();
    Generation generation = admitted(id, key, now);
    generations.admit(
        generation,
        new LedgerEntry(Kind.HOLD, generation.hold(), null),
        Resend.NONE,
        1000,
        Long.MAX_VALUE);
    return end(generation);
  }

  /** Ends a generation as its row was seen. */
  boolean end(Generation seen) {
    return generations.end(
        seen,
        State.FAILED,
        new Failure(ErrorCode.UPSTREAM_FAILED, "It failed.", null),
        null,
        List.of(),
        null,
        clock.instant());
  }

  static Generation admitted(String id, String key, Instant now) {
    ImageRequest request =
        new ImageRequest(
            "wan2.7-image-pro",
            List.of(new ContentPart.Text("a flower shop")),
            null,
            1,
            null,
            null,
            null,
            null,
            null,
            null,
            ResponseFormat.URL,
            null,
            List.of());
    return new Generation(
        id,
        "default",
        "default",
        key,
        request,
        State.ADMITTED,
        0,
        new Money(500_000, "CNY"),
        1_000_000,
        "beijing",
        0,
        null,
        null,
        now,
        now,
        now.plusSeconds(600),
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  /** State, attempts, last status and last error of an event; empty if there is none. */
  String row(String id) {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement =
            connection.prepareStatement(
                "SELECT state, attempts, last_status, last_error FROM webhook_delivery"
                    + " WHERE id = ?")) {
      statement.setString(1, id);
      var row = statement.executeQuery();
      return row.next()
          ? String.join(
              " ",
              row.getString(1),
              row.getString(2),
              String.valueOf(row.getString(3)),
              String.valueOf(row.getString(4)))
          : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
