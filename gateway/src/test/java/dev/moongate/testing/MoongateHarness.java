package dev.moongate.testing;

import dev.moongate.Gateway;
import dev.moongate.HomeAudit;
import dev.moongate.HomeDatabase;
import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.GenerationSettings;
import dev.moongate.http.HttpSettings;
import dev.moongate.http.Route;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.Egress;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.webhook.WebhookSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole product on port 0, in front of whatever upstream a test names. With {@code
 * -Dmoongate.test.database=postgresql} all of it runs on PostgreSQL.
 */
public final class MoongateHarness implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final boolean POSTGRES =
      "postgresql".equals(System.getProperty("moongate.test.database"));

  /** Of the homes that are on PostgreSQL, so that a second start finds what the first left. */
  private static final Map<Path, String> DATABASES = new ConcurrentHashMap<>();

  private final Path home;
  private final Gateway gateway;
  private final Key key;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private MoongateHarness(Path home, Gateway gateway, Key key) {
    this.home = home;
    this.gateway = gateway;
    this.key = key;
  }

  /** With the sandbox behind it. */
  public static MoongateHarness sandbox(Path home) {
    return start(home, List.of(), settings());
  }

  /** With an account at {@code upstream}. */
  public static MoongateHarness before(Path home, URI upstream, ImageProvider.Mode mode) {
    return start(home, List.of(account(upstream, mode)), settings());
  }

  /** From now on, whatever starts on this home has its rows in PostgreSQL; answers the URL. */
  public static String onPostgres(Path home) {
    return DATABASES.computeIfAbsent(home, _ -> EmbeddedPostgres.newDatabase());
  }

  /** A stopped gateway's database, for another home. */
  public static void copyDatabase(Path from, Path to) throws IOException {
    if (DATABASES.containsKey(from)) {
      DATABASES.put(to, EmbeddedPostgres.copy(DATABASES.get(from)));
    } else {
      Files.copy(from.resolve("moongate.db"), to.resolve("moongate.db"));
    }
  }

  public static AccountSettings account(URI upstream, ImageProvider.Mode mode) {
    return account(upstream, mode, mode.submitTimeout());
  }

  public static AccountSettings account(
      URI upstream, ImageProvider.Mode mode, Duration submitTimeout) {
    return new AccountSettings(
        "beijing",
        "dashscope",
        URI.create(upstream + "/api/v1"),
        List.of(new ApiKey("sk-upstream-secret")),
        mode,
        Account.Limits.DASHSCOPE,
        List.of(),
        Map.of(),
        submitTimeout);
  }

  /** With anything. */
  public static MoongateHarness start(
      Path home, List<AccountSettings> accounts, HttpSettings http) {
    Key key = Key.generate(new SecureRandom());
    return start(home, accounts, http, key);
  }

  /** Again on the same home, with a key of before. */
  public static MoongateHarness start(
      Path home, List<AccountSettings> accounts, HttpSettings http, Key key) {
    return start(home, accounts, http, key, impatient());
  }

  /** The usual settings, but a submit in doubt is looked for again soon. */
  public static GenerationSettings impatient() {
    GenerationSettings usual = GenerationSettings.DEFAULTS;
    return new GenerationSettings(
        usual.queueFor(),
        Duration.ofMillis(200),
        Duration.ofMillis(200),
        usual.faultRetries(),
        usual.linkLife(),
        usual.longestQueue(),
        usual.minFreeDisk(),
        Duration.ofSeconds(1),
        usual.keepFor());
  }

  /** With everything said. */
  public static MoongateHarness start(
      Path home,
      List<AccountSettings> accounts,
      HttpSettings http,
      Key key,
      GenerationSettings generation) {
    return start(settings(home, accounts, http, key, generation), key);
  }

  /**
   * What a gateway is started with that lets a test choose its clock, and what is between rooms.
   */
  public interface Starter {
    Gateway start(MoongateSettings settings) throws IOException;
  }

  /** With the usual settings, and started by the test itself. */
  public static MoongateHarness started(
      Path home, List<AccountSettings> accounts, Key key, Starter starter) {
    return started(home, accounts, key, impatient(), starter);
  }

  public static MoongateHarness started(
      Path home,
      List<AccountSettings> accounts,
      Key key,
      GenerationSettings generation,
      Starter starter) {
    try {
      MoongateSettings settings = settings(home, accounts, settings(), key, generation);
      return new MoongateHarness(home, starter.start(settings), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The usual settings, for a test that changes some. */
  public static MoongateSettings settings(Path home, List<AccountSettings> accounts, Key key) {
    return settings(home, accounts, settings(), key, impatient());
  }

  private static MoongateSettings settings(
      Path home,
      List<AccountSettings> accounts,
      HttpSettings http,
      Key key,
      GenerationSettings generation) {
    if (POSTGRES) {
      onPostgres(home);
    }
    return new MoongateSettings(
        http,
        home,
        key.text(),
        accounts,
        generation,
        "CNY",
        Egress.DIRECT,
        new WebhookSettings(true),
        DATABASES.get(home),
        Map.of(),
        Map.of());
  }

  /** On a home whose database is an older copy. */
  public static MoongateHarness restored(Path home, List<AccountSettings> accounts) {
    return started(
        home,
        accounts,
        Key.generate(new SecureRandom()),
        settings -> Gateway.start(settings, Clock.systemUTC(), true));
  }

  /** With something between its rooms, and another clock. */
  public static MoongateHarness seamed(
      Path home,
      List<AccountSettings> accounts,
      Clock clock,
      UnaryOperator<GenerationRows> rows,
      UnaryOperator<ImageProvider> provider) {
    return started(
        home,
        accounts,
        Key.generate(new SecureRandom()),
        settings -> SeamedGateway.start(settings, clock, rows, UnaryOperator.identity(), provider));
  }

  /** With settings that were read; {@code key} is their admin key. */
  public static MoongateHarness start(MoongateSettings settings, Key key) {
    try {
      return new MoongateHarness(settings.home(), Gateway.start(settings, Clock.systemUTC()), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any port, and patience for tests. */
  public static HttpSettings settings() {
    return new HttpSettingsBuilder().build();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + gateway.port());
  }

  public Key key() {
    return key;
  }

  public int port() {
    return gateway.port();
  }

  /** The answer to a good key's POST of a generation. */
  public Answer generate(String body) {
    return post("/v1/images/generations", body);
  }

  public Answer post(String path, String body) {
    return send(
        HttpRequest.newBuilder(uri().resolve(path))
            .header("Authorization", "Bearer " + key.text())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** With headers, as name and value in turns. */
  public Answer generate(String body, String... headers) {
    return send(
        HttpRequest.newBuilder(uri().resolve("/v1/images/generations"))
            .header("Authorization", "Bearer " + key.text())
            .header("Content-Type", "application/json")
            .headers(headers)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The same as a stream of events, as they come; anything but a 200 is a fault of the test. */
  public EventClient stream(String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri().resolve("/v1/images/generations"))
            .timeout(Duration.ofMinutes(4))
            .header("Authorization", "Bearer " + key.text())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        byte[] refusal = response.body().readAllBytes();
        throw new AssertionError(new String(refusal, StandardCharsets.UTF_8));
      }
      return new EventClient(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Answer delete(String path) {
    return send(
        HttpRequest.newBuilder(uri().resolve(path))
            .header("Authorization", "Bearer " + key.text())
            .DELETE());
  }

  public Answer get(String path) {
    return send(
        HttpRequest.newBuilder(uri().resolve(path))
            .header("Authorization", "Bearer " + key.text()));
  }

  /** All that the gateway serves. */
  public List<Route> routes() {
    return gateway.routes();
  }

  /** As the admin. */
  public Answer admin(String method, String path, String body) {
    return call(key.text(), method, "/admin/v1" + path, body);
  }

  /** With any key and method; null for no key, and for no body. */
  public Answer call(String keyText, String method, String path, String body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri().resolve(path));
    if (keyText != null) {
      request.header("Authorization", "Bearer " + keyText);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(
        request.method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Sends what a test made itself. */
  public Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(
          client.send(
              request.timeout(Duration.ofMinutes(4)).build(),
              HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The database beside the gateway, as the command line has it. */
  public HomeDatabase database() throws IOException {
    return HomeDatabase.open(home, DATABASES.get(home), Clock.systemUTC());
  }

  /** What does not hold in the home, by the audit of the command line. */
  public List<String> violations() {
    return new HomeAudit(home, DATABASES.get(home), List.of())
        .run(false, Clock.systemUTC()).violations().stream().map(Object::toString).toList();
  }

  /** {@link Rows} of the database. */
  public List<String> rows(String sql) {
    if (DATABASES.containsKey(home)) {
      return EmbeddedPostgres.rows(DATABASES.get(home), sql);
    }
    try (var connection =
        DriverManager.getConnection("jdbc:sqlite:" + home.resolve("moongate.db"))) {
      return Rows.of(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    gateway.close();
    client.close();
  }

  /** What came back. */
  public record Answer(HttpResponse<byte[]> response) {
    public int status() {
      return response.statusCode();
    }

    public JsonNode json() {
      return MAPPER.readTree(response.body());
    }

    public byte[] bytes() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    /** Status and code of an error, whether it stands in OpenAI's envelope or flat. */
    public String error() {
      JsonNode body = json();
      JsonNode error = body.has("error") ? body.path("error") : body;
      return status() + " " + error.path("code").asString("");
    }

    public String param() {
      return json().path("error").path("param").asString(null);
    }
  }
}
