package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Caller;
import dev.moongate.auth.Key;
import dev.moongate.auth.Keys.KeyRow;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class KeyTableTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @TempDir Path home;
  private Database database;
  private KeyTable keys;

  Database openDatabase() {
    return Database.open(home.resolve("moongate.db"), () -> {});
  }

  @BeforeEach
  void open() {
    database = openDatabase();
    keys = new KeyTable(database, () -> NOW);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static KeyRow row(String id, String origin, Instant expires) {
    Key key = Key.generate(new SecureRandom());
    return new KeyRow(
        id,
        "default",
        "default",
        "a name",
        key.hash(),
        key.lastFour(),
        true,
        origin,
        NOW,
        expires,
        null);
  }

  private boolean works(KeyRow row) {
    return keys.findActive(row.hash(), NOW).isPresent();
  }

  @Test
  void aKeyWorksUntilItIsDisabledOrExpires() {
    KeyRow good = row("key_1", "keys-add", null);
    KeyRow soon = row("key_2", "keys-add", NOW.plusSeconds(1));
    KeyRow expired = row("key_3", "keys-add", NOW);
    keys.add(good);
    keys.add(soon);
    keys.add(expired);

    assertThat(keys.list()).containsExactly(good, soon, expired);
    assertThat(keys.findActive(good.hash(), NOW))
        .contains(new Caller("default", "default", "key_1", true, null));
    keys.answerWithin("key_1", Duration.ofSeconds(95));
    assertThat(keys.findActive(good.hash(), NOW).orElseThrow().answerWithin())
        .isEqualTo(Duration.ofSeconds(95));
    assertThat(works(soon)).isTrue();
    assertThat(works(expired)).isFalse();
    assertThat(keys.disable("key_1")).isTrue();
    assertThat(keys.disable("key_9")).isFalse();
    assertThat(works(good)).isFalse();
  }

  @Test
  void onlyTheEnvironmentsOwnKeyOfThatOriginWorks() {
    KeyRow made = row("key_1", "first-start", null);
    KeyRow old = row("key_2", "environment", null);
    KeyRow fresh = row("key_3", "environment", null);
    keys.add(made);
    keys.useFromEnvironment(old);
    keys.useFromEnvironment(old);
    keys.useFromEnvironment(fresh);
    assertThat(works(made)).isTrue();
    assertThat(works(old)).isFalse();
    assertThat(works(fresh)).isTrue();

    keys.useFromEnvironment(old);
    assertThat(works(old)).isTrue();
    assertThat(works(fresh)).isFalse();

    keys.useFromEnvironment(null);
    assertThat(works(old)).isFalse();
    assertThat(works(made)).isTrue();
  }

  @Test
  void aSettingIsMadeOnceAndKept() {
    SettingTable settings = new SettingTable(database);
    assertThat(settings.find("secret")).isEmpty();
    assertThat(settings.findOrMake("secret", () -> "one")).isEqualTo("one");
    assertThat(settings.findOrMake("secret", () -> "two")).isEqualTo("one");
    settings.store("secret", "three");
    assertThat(settings.find("secret")).contains("three");
  }
}
