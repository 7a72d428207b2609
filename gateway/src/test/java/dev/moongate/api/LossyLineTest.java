package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.OpenAIException;
import com.openai.models.images.ImageGenerateParams;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.sandbox.Limits;
import dev.moongate.sandbox.Sandbox;
import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.LossyProxy;
import dev.moongate.testing.LossyProxy.Arrival;
import dev.moongate.testing.LossyProxy.Try;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.SandboxJournal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official SDK, with the retries that it makes by itself, over a line that resets 30 in 100
 * tries and answers 15 in 100 with an error page after they were passed on. {@code
 * -Dmoongate.lossy-calls} says how many calls the long form makes, {@code -Dmoongate.seed} repeats
 * a run.
 */
@Timeout(600)
class LossyLineTest {
  private static final int IN_PARALLEL = 8;
  private static final Pattern CALL = Pattern.compile("\"call (\\d+)\"");

  private final long seed = Long.getLong("moongate.seed", RandomGenerator.getDefault().nextLong());

  @TempDir private Path folder;
  private final Map<Integer, String> links = new ConcurrentHashMap<>();
  private final Map<Integer, String> failures = new ConcurrentHashMap<>();
  private Sandbox sandbox;
  private MoongateHarness moongate;
  private LossyProxy line;

  @BeforeEach
  void start() throws IOException {
    sandbox =
        Sandbox.start(
            SandboxSettings.at(folder.resolve("sandbox"), Clock.systemUTC())
                .withPerPicture(Duration.ofMillis(100))
                .withLimits(Limits.none()));
    moongate =
        MoongateHarness.start(
            folder.resolve("home"), List.of(account()), MoongateHarness.settings());
    line = new LossyProxy(moongate.port(), seed);
  }

  @AfterEach
  void stop() throws IOException {
    line.close();
    moongate.close();
    sandbox.close();
  }

  @Test
  void callsOfAnSdkThatRetriesAreEachPaidOnceIfTheyArrivedAndNeverTwice() throws IOException {
    everyCallIsPaidAsOftenAsItShould(32);
  }

  @Test
  @Tag("long")
  void manyCallsOfAnSdkThatRetriesAreEachPaidOnceIfTheyArrivedAndNeverTwice() throws IOException {
    everyCallIsPaidAsOftenAsItShould(Integer.getInteger("moongate.lossy-calls", 400));
  }

  private void everyCallIsPaidAsOftenAsItShould(int calls) throws IOException {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(line.uri() + "/v1")
            .apiKey(moongate.key().text())
            .build();
    try (ExecutorService threads = Executors.newFixedThreadPool(IN_PARALLEL)) {
      IntStream.rangeClosed(1, calls).forEach(call -> threads.execute(() -> ask(client, call)));
    }
    client.close();
    line.awaitSilence();
    awaitEnds();
    // A straggler that is still on its way in is admitted before this returns, or never.
    moongate.close();
    moongate =
        MoongateHarness.start(
            folder.resolve("home"), List.of(account()), MoongateHarness.settings(), moongate.key());
    awaitEnds();
    report(calls);
    assertThat(wrongs(calls)).as("seed %d", seed).isEmpty();
  }

  private void ask(OpenAIClient client, int call) {
    ImageGenerateParams params =
        ImageGenerateParams.builder()
            .model("wan2.7-image")
            .prompt("call " + call)
            .putAdditionalBodyProperty("size", JsonValue.from("768x768"))
            .putAdditionalHeader("X-Call", Integer.toString(call))
            .build();
    try {
      var response = client.images().generate(params);
      links.put(call, response.data().orElseThrow().getFirst().url().orElseThrow());
    } catch (OpenAIException e) {
      failures.put(call, e.getClass().getSimpleName());
    }
  }

  /** Each call against what the line knows of it. */
  private List<String> wrongs(int calls) throws IOException {
    List<String> wrongs = new ArrayList<>();
    Map<String, Integer> callOfTask = new HashMap<>();
    Map<Integer, Integer> charges = new HashMap<>();
    for (String row : moongate.rows("SELECT task, request FROM generation")) {
      callOfTask.put(row.substring(0, row.indexOf('|')), callOf(row));
    }
    for (String row :
        moongate.rows(
            """
            SELECT g.request FROM ledger l JOIN generation g ON g.id = l.generation_id
            WHERE l.kind = 'CHARGE'
            """)) {
      charges.merge(callOf(row), 1, Integer::sum);
    }
    Map<Integer, Integer> submits = new HashMap<>();
    for (var submit : SandboxJournal.submits(folder.resolve("sandbox"))) {
      submits.merge(callOfTask.getOrDefault(submit.task(), -1), 1, Integer::sum);
    }
    if (submits.containsKey(-1)) {
      wrongs.add(submits.get(-1) + " submits that no generation knows");
    }
    Map<Integer, List<Try>> tries = line.tries().stream().collect(Collectors.groupingBy(Try::call));
    for (int call = 1; call <= calls; call++) {
      List<Try> own = tries.getOrDefault(call, List.of());
      int submitted = submits.getOrDefault(call, 0);
      int charged = charges.getOrDefault(call, 0);
      boolean whole = own.stream().anyMatch(t -> t.fate().arrival() == Arrival.WHOLE);
      boolean unknown = own.stream().anyMatch(t -> t.fate().arrival() == Arrival.UNKNOWN);
      int least = whole ? 1 : 0;
      int most = whole || unknown ? 1 : 0;
      if (submitted != charged || submitted < least || submitted > most) {
        wrongs.add(
            "call %d: %d submits and %d charges after %s".formatted(call, submitted, charged, own));
      }
      if (links.containsKey(call) == failures.containsKey(call) || own.isEmpty()) {
        wrongs.add("call %d was not made, or had no end".formatted(call));
      }
    }
    links.forEach((call, link) -> {
      // The link leads to the gateway that was there before.
      if (moongate
              .get(URI.create(link).getRawPath() + "?" + URI.create(link).getRawQuery())
              .status()
          != 200) {
        wrongs.add("call %d was answered with a dead link".formatted(call));
      }
    });
    line.tries().stream()
        .filter(t -> t.status() != 0 && t.status() != 200)
        .forEach(t -> wrongs.add("not answered with 200: " + t));
    moongate
        .rows(
            """
            SELECT generation_id FROM ledger GROUP BY generation_id
            HAVING SUM(CASE kind WHEN 'HOLD' THEN amount ELSE 0 END)
              <> SUM(CASE WHEN kind IN ('CHARGE', 'RELEASE') THEN amount ELSE 0 END)
            """)
        .forEach(id -> wrongs.add("hold is not charge and release: " + id));
    return wrongs;
  }

  private void report(int calls) throws IOException {
    Map<String, Long> fates =
        line.tries().stream()
            .collect(
                Collectors.groupingBy(t -> t.fate().name(), TreeMap::new, Collectors.counting()));
    long joined = line.tries().stream().filter(Try::joined).count();
    System.out.printf(
        "lossy line, seed %d: %d calls in %d tries %s, %d joined; %d submits, %d charges; the client"
            + " had %d pictures and gave up %s%n",
        seed,
        calls,
        line.tries().size(),
        fates,
        joined,
        SandboxJournal.submits(folder.resolve("sandbox")).size(),
        moongate.rows("SELECT generation_id FROM ledger WHERE kind = 'CHARGE'").size(),
        links.size(),
        failures.values().stream()
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting())));
  }

  private void awaitEnds() {
    Await.until(
        "all generations have ended",
        () ->
            moongate
                .rows(
                    """
                    SELECT id FROM generation WHERE state IN
                    ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
                    """)
                .isEmpty());
  }

  private static int callOf(String row) {
    Matcher matcher = CALL.matcher(row);
    if (!matcher.find()) {
      throw new IllegalStateException("whose is " + row);
    }
    return Integer.parseInt(matcher.group(1));
  }

  private AccountSettings account() {
    return new AccountSettings(
        "beijing",
        "dashscope",
        URI.create(sandbox.baseUrl()),
        List.of(new ApiKey("sk-one"), new ApiKey("sk-two")),
        Mode.ASYNC,
        new Account.Limits(null, null, null),
        List.of());
  }
}
