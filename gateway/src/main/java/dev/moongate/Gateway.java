package dev.moongate;

import dev.moongate.auth.Authenticator;
import dev.moongate.auth.Key;
import dev.moongate.db.Database;
import dev.moongate.db.DoubtTable;
import dev.moongate.db.GenerationTable;
import dev.moongate.db.SettingTable;
import dev.moongate.generation.Engine;
import dev.moongate.generation.GenerationIds;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.GenerationService;
import dev.moongate.generation.OrphanSweep;
import dev.moongate.generation.Retention;
import dev.moongate.http.Route;
import dev.moongate.http.Server;
import dev.moongate.http.dashscope.DashScopeRoutes;
import dev.moongate.metrics.AccountMeters;
import dev.moongate.metrics.MeteredRows;
import dev.moongate.metrics.Meters;
import dev.moongate.model.Catalogue;
import dev.moongate.policy.Admission;
import dev.moongate.policy.RateLimiter;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Routes;
import dev.moongate.sandbox.Sandbox;
import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.store.DiskImageStore;
import dev.moongate.store.ImageFetcher;
import dev.moongate.store.ImageIds;
import dev.moongate.store.ImageStore;
import dev.moongate.store.Links;
import dev.moongate.webhook.WebhookSender;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway, and the composition root: every object that crosses rooms is made here. What
 * is made later is closed earlier.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** When the database was restored, for as long as that matters; outlives a death. */
  private static final String RESTORING = "restoring-since";

  /** A database that does not answer must not keep the process from its end. */
  private static final Duration LONGEST_END = Duration.ofSeconds(20);

  private final Parts parts = new Parts();
  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final Seams seams;
  private @Nullable Engine engine;
  private @Nullable Server server;
  private @Nullable Key firstKey;
  private volatile boolean ready;

  private Gateway(Clock clock, Seams seams) {
    this.clock = clock;
    this.seams = seams;
  }

  /**
   * What may be put between rooms: nothing, but for tests that end the process at a named place.
   *
   * @param lost what happens when the database is no longer this process's alone
   */
  record Seams(
      UnaryOperator<GenerationRows> rows,
      UnaryOperator<ImageStore> store,
      UnaryOperator<ImageProvider> provider,
      Consumer<Gateway> lost) {
    static final Seams NONE =
        new Seams(
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            Gateway::end);
  }

  /**
   * Starts everything; when this returns, requests are served.
   *
   * @throws IOException if the port is taken or the home cannot be used; nothing is left running
   *     then
   */
  public static Gateway start(MoongateSettings settings, Clock clock) throws IOException {
    return start(settings, clock, false);
  }

  /**
   * As {@link #start(MoongateSettings, Clock)}.
   *
   * @param restored whether the database is an older copy: then nothing is submitted before the
   *     providers were asked what they ran meanwhile
   */
  public static Gateway start(MoongateSettings settings, Clock clock, boolean restored)
      throws IOException {
    return start(settings, clock, restored, Seams.NONE);
  }

  static Gateway start(MoongateSettings settings, Clock clock, boolean restored, Seams seams)
      throws IOException {
    Gateway gateway = new Gateway(clock, seams);
    try {
      gateway.open(settings, restored);
      return gateway;
    } catch (IOException | RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  private void open(MoongateSettings settings, boolean restored) throws IOException {
    parts.closing(Home.take(settings.home()));
    Database database =
        parts.closing(
            DatabaseChoice.open(
                settings.home(),
                settings.database(),
                () -> Runtime.getRuntime().halt(1),
                () -> seams.lost().accept(this)));
    Tables tables = Tables.of(database, clock, settings.currency());
    DatabaseChoice.requireCurrency(database, settings.currency());
    StartSecrets secrets = new StartSecrets(random, clock);
    firstKey = secrets.prepareKeys(settings.adminKey(), tables.keys());
    Meters meters = parts.closing(new Meters());
    GenerationRows rows =
        new MeteredRows(seams.rows().apply(new GenerationTable(database)), meters);
    Links links = secrets.links(tables.settings());
    ImageStore store = seams.store().apply(new DiskImageStore(settings.home().resolve("store")));
    Catalogue catalogue = ModelNames.with(AccountLanes.priced(catalogue(), settings), settings);
    HttpCalls calls = parts.closing(new HttpCalls(settings.egress()));
    Routes routes =
        new AccountLanes(
                calls,
                clock,
                catalogue,
                settings.currency(),
                provider -> parts.closing(seams.provider().apply(provider)),
                rows)
            .routes(accounts(settings, tables.doubts()), settings.models());
    AccountMeters.add(meters, routes, rows, clock);
    Engine running =
        new Engine(
            routes,
            catalogue,
            rows,
            tables.doubts(),
            store,
            new ImageFetcher(calls, meters::download),
            new ImageIds(random),
            clock,
            settings.generation(),
            database::held);
    engine = parts.patient(running);
    OrphanSweep orphans = parts.closing(new OrphanSweep(routes.lanes(), tables.doubts(), clock));
    Retention retention =
        parts.closing(new Retention(tables.kept(), store, clock, settings.generation()));
    GenerationService generations =
        new GenerationService(
            rows,
            tables.kept(),
            catalogue,
            new Admission(settings.currency(), settings.generation().longestQueue()),
            new RateLimiter(clock),
            store,
            running,
            retention,
            new GenerationIds(random),
            clock,
            settings.generation());
    Endpoints endpoints =
        new Endpoints(
            settings, tables, catalogue, routes, rows, store, links, generations, random, clock);
    WebhookSender webhooks =
        parts.patient(
            new WebhookSender(
                tables.webhooks(),
                rows::find,
                endpoints.webhookBody(this::address),
                calls,
                clock,
                random,
                settings.webhooks()));
    startEngine(running, tables.settings(), restored);
    retention.start();
    orphans.start();
    server =
        parts.patient(
            Server.start(
                settings.http(),
                new Authenticator(tables.keys(), clock),
                endpoints.all(() -> ready && database.held(), meters::text),
                DashScopeRoutes.SHAPES,
                meters::request));
    webhooks.start();
    ready = true;
  }

  private void startEngine(Engine running, SettingTable flags, boolean restored) {
    if (restored) {
      flags.store(RESTORING, clock.instant().toString());
    }
    String since = flags.find(RESTORING).orElse("no");
    if (since.equals("no")) {
      running.start();
    } else {
      running.startRestored(Instant.parse(since), () -> flags.store(RESTORING, "no"));
    }
  }

  /** The key that was made because there was none; empty at every later start. */
  public @Nullable Key firstKey() {
    return firstKey;
  }

  /** Where links lead if no public URL is set and nobody asks. */
  private String address() {
    return "http://127.0.0.1:" + port();
  }

  /** All that is served, and to whom. */
  public List<Route> routes() {
    return Objects.requireNonNull(server).routes();
  }

  public int port() {
    return Objects.requireNonNull(server).port();
  }

  /**
   * Takes no new requests, sends waiting ones away with their generation's id, lets answers leave
   * and submits write down their outcome, and stops; takes 8 seconds at most. A submit that is not
   * answered by then is in doubt at the next start.
   */
  @Override
  public void close() {
    ready = false;
    if (server != null) {
      server.stopAccepting();
    }
    if (engine != null) {
      engine.sendWaitersAway();
    }
    parts.close();
  }

  /**
   * Ends the process, for its supervisor to start it anew; what is in hand may write its outcome
   * before. Nothing is lost by it: the next start goes on with the rows.
   */
  private void end() {
    Thread closing = Thread.ofPlatform().daemon().name("end").start(this::close);
    try {
      closing.join(LONGEST_END);
    } catch (InterruptedException e) {
      LOG.warn("the gateway ends without having stopped", e);
    }
    Runtime.getRuntime().halt(1);
  }

  /** The models that Moongate knows. */
  public static Catalogue catalogue() {
    try (InputStream in = Gateway.class.getResourceAsStream("/models.yaml")) {
      return Catalogue.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<AccountSettings> accounts(MoongateSettings settings, DoubtTable doubts)
      throws IOException {
    if (!settings.sandbox()) {
      return settings.accounts();
    }
    Sandbox sandbox =
        parts.closing(Sandbox.start(SandboxSettings.at(settings.home().resolve("sandbox"), clock)));
    return List.of(SandboxAccount.of(sandbox, doubts));
  }
}
