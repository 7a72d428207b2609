package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Caller;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Project;
import dev.moongate.auth.Role;
import dev.moongate.image.ResponseFormat;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
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
        KeyTerms.of(Role.ADMIN),
        origin,
        NOW,
        expires,
        null,
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
    keys.add(good, "test");
    keys.add(soon, "test");
    keys.add(expired, "test");

    assertThat(keys.list()).containsExactly(good, soon, expired);
    assertThat(keys.findActive(good.hash(), NOW))
        .contains(
            new Caller("default", "default", "key_1", KeyTerms.of(Role.ADMIN), CallerLimits.NONE));
    KeyTerms terms =
        new KeyTerms(
            Role.READ_ONLY,
            Set.of("a/b", "c"),
            new CallerLimits(1L, 2L, 3L, 4L),
            5,
            ResponseFormat.B64_JSON,
            Duration.ofSeconds(95),
            Duration.ofMinutes(3),
            true);
    assertThat(keys.change(good.with("renamed", terms, null, null), "key_0")).isTrue();
    assertThat(keys.find("key_1")).contains(good.with("renamed", terms, null, null));
    assertThat(keys.findActive(good.hash(), NOW).orElseThrow().terms()).isEqualTo(terms);
    assertThat(works(soon)).isTrue();
    assertThat(works(expired)).isFalse();
    assertThat(keys.disable("key_1", "test")).isTrue();
    assertThat(keys.disable("key_9", "test")).isFalse();
    assertThat(works(good)).isFalse();
  }

  @Test
  void onlyTheEnvironmentsOwnKeyOfThatOriginWorks() {
    KeyRow made = row("key_1", "first-start", null);
    KeyRow old = row("key_2", "environment", null);
    KeyRow fresh = row("key_3", "environment", null);
    keys.add(made, "test");
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
  void aRotatedKeyWorksBesideItsSuccessorForAWhile() {
    KeyRow row = row("key_1", "keys-add", null);
    keys.add(row, "test");
    Key second = Key.generate(new SecureRandom());
    Key third = Key.generate(new SecureRandom());
    assertThat(keys.rotate("key_1", second.hash(), "2222", NOW.plusSeconds(60), "test")).isTrue();
    assertThat(works(row)).isTrue();
    assertThat(keys.findActive(second.hash(), NOW).orElseThrow().keyId()).isEqualTo("key_1");
    assertThat(keys.findActive(row.hash(), NOW.plusSeconds(60))).isEmpty();
    assertThat(keys.rotate("key_1", third.hash(), "3333", NOW.plusSeconds(60), "test")).isTrue();
    assertThat(works(row)).isFalse();
    assertThat(keys.findActive(second.hash(), NOW)).isPresent();
    assertThat(keys.find("key_1").orElseThrow().lastFour()).isEqualTo("3333");
    assertThat(keys.rotate("key_9", row.hash(), "9999", NOW, "test")).isFalse();
  }

  @Test
  void aDeletedKeyIsGoneForGoodAndItsChangesStandInTheAuditLog() {
    KeyRow row = row("key_1", "keys-add", null);
    KeyRow other = row("key_2", "keys-add", null);
    keys.add(row, "key_0");
    keys.add(other, "key_0");
    assertThat(keys.delete("key_1", "cli")).isTrue();
    assertThat(keys.delete("key_1", "cli")).isFalse();
    assertThat(works(row)).isFalse();
    assertThat(keys.list()).containsExactly(other);
    assertThat(keys.find("key_1")).isEmpty();
    assertThat(new AuditTable(database).list(9, null))
        .extracting(e -> e.actor() + " " + e.action() + " " + e.target())
        .containsExactlyInAnyOrder(
            "cli key.delete key_1", "key_0 key.add key_2", "key_0 key.add key_1");
  }

  @Test
  void noKeyOfADisabledProjectWorks() {
    ProjectTable projects = new ProjectTable(database, () -> NOW);
    Project project = new Project("proj_1", "default", "shop", 3, CallerLimits.NONE, NOW, null);
    projects.add(project, "test");
    assertThat(projects.find("proj_1")).contains(project);
    keys.add(row("key_2", "keys-add", null), "test");
    KeyRow row = row("key_1", "keys-add", null);
    keys.add(
        new KeyRow(
            "key_1",
            "default",
            "proj_1",
            "a name",
            row.hash(),
            "last",
            row.terms(),
            "admin",
            NOW,
            null,
            null,
            null),
        "test");
    assertThat(works(row)).isTrue();
    projects.change(
        new Project("proj_1", "default", "shop", 3, CallerLimits.NONE, NOW, NOW), "test");
    assertThat(works(row)).isFalse();
    assertThat(projects.list()).hasSize(2);
  }

  @Test
  void ofTwoAdminKeysThatAreDisabledAtOnceOneStays() {
    List<String> ids = List.of("key_1", "key_2");
    ids.forEach(id -> keys.add(row(id, "keys-add", null), "test"));
    List<CompletableFuture<Boolean>> disabled;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      disabled =
          ids.stream()
              .map(id ->
                  CompletableFuture.supplyAsync(() -> keys.disable(id, "test"), threads)
                      .exceptionally(_ -> false))
              .toList();
    }
    assertThat(disabled.stream().filter(CompletableFuture::join)).hasSize(1);
    assertThat(keys.list().stream().filter(row -> row.disabledAt() == null)).hasSize(1);
    assertThat(
            new AuditTable(database)
                .list(9, null).stream().filter(e -> e.action().equals("key.disable")))
        .hasSize(1);
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
