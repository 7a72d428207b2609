package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Role;
import dev.moongate.generation.GenerationSettings;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.sandbox.Limits;
import dev.moongate.sandbox.Sandbox;
import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.OnceThereIsRoom;
import dev.moongate.testing.SandboxJournal;
import dev.moongate.testing.SandboxJournal.Submit;
import dev.moongate.testing.ShiftedClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many keys before one account: the sandbox's journal tells who was served when. */
@Timeout(600)
class FairnessTest {
  private static final int RUNNING = 5;

  @TempDir private Path folder;
  private final ShiftedClock atTheProvider = new ShiftedClock();
  private Sandbox sandbox;
  private MoongateHarness moongate;

  @BeforeEach
  void start() throws IOException {
    sandbox =
        Sandbox.start(
            SandboxSettings.at(folder.resolve("sandbox"), atTheProvider)
                .withPerPicture(Duration.ofMillis(50))
                .withLimits(Limits.none()));
    GenerationSettings usual = MoongateHarness.impatient();
    GenerationSettings patient =
        new GenerationSettings(
            Duration.ofDays(1),
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            usual.faultRetries(),
            usual.linkLife(),
            20_000,
            usual.minFreeDisk(),
            usual.reconcileAfter(),
            usual.keepFor());
    moongate =
        MoongateHarness.start(
            folder.resolve("home"),
            List.of(
                new AccountSettings(
                    "sandbox",
                    "dashscope",
                    URI.create(sandbox.baseUrl()),
                    List.of(new ApiKey("sk-sandbox"), new ApiKey("sk-sandbox-2")),
                    Mode.ASYNC,
                    new Account.Limits(null, RUNNING, null),
                    List.of())),
            MoongateHarness.settings(),
            Key.generate(new SecureRandom()),
            patient);
  }

  @AfterEach
  void stop() throws IOException {
    moongate.close();
    sandbox.close();
  }

  private List<Key> keys(int count) throws IOException {
    KeyMaker maker = new KeyMaker(new SecureRandom(), Clock.systemUTC());
    List<Key> keys = new ArrayList<>();
    try (HomeDatabase database = moongate.database()) {
      for (int i = 0; i < count; i++) {
        Key key = maker.newKey();
        database
            .keys()
            .add(maker.row(key, "key " + i, KeyTerms.of(Role.MEMBER), "test", null), "test");
        keys.add(key);
      }
    }
    return keys;
  }

  private Answer begin(Key key, String prompt) {
    return moongate.send(
        HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/generations"))
            .header("Authorization", "Bearer " + key.text())
            .header("Content-Type", "application/json")
            .header("Prefer", "respond-async")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"wan2.7-image\",\"prompt\":\"%s\",\"size\":\"768x768\"}"
                        .formatted(prompt))));
  }

  private String queue(Key key) {
    return OnceThereIsRoom.answer(() -> begin(key, "x")).json().path("id").stringValue();
  }

  /** So that whatever comes next waits, however fast it comes, until an hour has passed there. */
  private void fillTheAccount(Key key) {
    for (int i = 0; i < RUNNING; i++) {
      begin(key, "sandbox:delay=1h");
    }
    Await.until("the account is full", () -> accepted() == RUNNING);
  }

  /** So many of each key, sent side by side. */
  private void flood(List<Key> keys, int each) {
    Semaphore atOnce = new Semaphore(64);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < each; i++) {
        for (Key key : keys) {
          atOnce.acquireUninterruptibly();
          threads.execute(() -> {
            try {
              queue(key);
            } finally {
              atOnce.release();
            }
          });
        }
      }
    }
  }

  /** The tasks in the order in which the provider accepted them. */
  private List<String> journal() throws IOException {
    return SandboxJournal.submits(folder.resolve("sandbox")).stream().map(Submit::task).toList();
  }

  private int accepted() {
    try {
      return journal().size();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void singleAfter(int flood) throws IOException {
    List<Key> keys = keys(2);
    flood(List.of(keys.get(0)), flood);
    String single = queue(keys.get(1));
    int before = accepted();
    Await.until(
        "it is served",
        () ->
            !moongate
                .rows(
                    "SELECT task FROM generation WHERE task IS NOT NULL AND id = '" + single + "'")
                .isEmpty());
    String task =
        moongate.rows("SELECT task FROM generation WHERE id = '" + single + "'").getFirst();
    int served = journal().indexOf(task) - before;
    System.out.printf("flood %d: %d others were served before the single request%n", flood, served);
    // One service time is what the account's places take: so many are served meanwhile.
    assertThat(served).isLessThanOrEqualTo(2 * RUNNING);
  }

  @Test
  void aSingleRequestWaitsAtMostTwoServiceTimesBehindAFlood() throws IOException {
    singleAfter(300);
  }

  @Test
  @Tag("long")
  void aSingleRequestWaitsAtMostTwoServiceTimesBehindAFloodOfTenThousand() throws IOException {
    singleAfter(10_000);
  }

  @Test
  @Tag("long")
  void aHundredKeysAreServedEquallyThoughOneFloods() throws IOException {
    List<Key> keys = keys(100);
    fillTheAccount(keys(1).getFirst());
    flood(List.of(keys.getFirst()), 500);
    flood(keys, 12);
    atTheProvider.advance(Duration.ofHours(2));
    // In steps, because how long all of it takes is the machine's business.
    for (int served = 50; served <= 700; served += 50) {
      int enough = RUNNING + served;
      Await.until("more was served", () -> accepted() >= enough);
    }
    Map<String, String> keyOfTask = new HashMap<>();
    moongate
        .rows(
            "SELECT a.task, g.key_id FROM attempt a JOIN generation g ON g.id = a.generation_id"
                + " WHERE a.task IS NOT NULL")
        .forEach(row -> {
          int bar = row.indexOf('|');
          keyOfTask.put(row.substring(0, bar), row.substring(bar + 1));
        });
    // While all keys wait: those at work before are left out, and so are the last, of which the
    // gateway may not know yet.
    Map<String, Integer> served = new HashMap<>();
    journal().stream()
        .skip(RUNNING)
        .limit(600)
        .map(keyOfTask::get)
        .forEach(key -> served.merge(key, 1, Integer::sum));
    double sum = served.values().stream().mapToInt(Integer::intValue).sum();
    double squares = served.values().stream().mapToDouble(count -> count * (double) count).sum();
    double jain = sum * sum / (100 * squares);
    System.out.printf("Jain index over 100 keys, one of them flooding: %.4f%n", jain);
    assertThat(jain).isGreaterThanOrEqualTo(0.98);
  }
}
