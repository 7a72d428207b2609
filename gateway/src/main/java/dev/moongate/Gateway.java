package dev.moongate;

import dev.moongate.auth.Authenticator;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Role;
import dev.moongate.db.AuditTable;
import dev.moongate.db.BudgetTable;
import dev.moongate.db.Database;
import dev.moongate.db.DoubtTable;
import dev.moongate.db.GenerationTable;
import dev.moongate.db.KeptTable;
import dev.moongate.db.KeyTable;
import dev.moongate.db.ProjectTable;
import dev.moongate.db.SettingTable;
import dev.moongate.db.UsageTable;
import dev.moongate.db.WebhookTable;
import dev.moongate.generation.Engine;
import dev.moongate.generation.GenerationIds;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.GenerationService;
import dev.moongate.generation.OrphanSweep;
import dev.moongate.generation.Retention;
import dev.moongate.http.HttpSettings;
import dev.moongate.http.Operations;
import dev.moongate.http.Route;
import dev.moongate.http.Server;
import dev.moongate.http.admin.AdminRoutes;
import dev.moongate.http.admin.ReconciliationEndpoint;
import dev.moongate.http.admin.UsageEndpoint;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.DiskBudget;
import dev.moongate.http.body.MemoryBudget;
import dev.moongate.http.images.ImageRoutes;
import dev.moongate.http.models.ModelRoutes;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  private static final String LINK_SECRET = "link-secret";

  /** When the database was restored, for as long as that matters; outlives a death. */
  private static final String RESTORING = "restoring-since";

  /** A database that does not answer must not keep the process from its end. */
  private static final Duration LONGEST_END = Duration.ofSeconds(20);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Parts that let what is under way finish, for 5 seconds at most. */
  private final List<AutoCloseable> patient = new ArrayList<>();

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
    closing(Home.take(settings.home()));
    Database database =
        closing(
            DatabaseChoice.open(
                settings.home(),
                settings.database(),
                () -> Runtime.getRuntime().halt(1),
                () -> seams.lost().accept(this)));
    KeyTable keys = new KeyTable(database, clock);
    DatabaseChoice.requireCurrency(database, settings.currency());
    prepareKeys(settings, keys);
    Meters meters = closing(new Meters());
    GenerationRows rows =
        new MeteredRows(seams.rows().apply(new GenerationTable(database)), meters);
    Links links = new Links(Base64.getDecoder().decode(linkSecret(database)));
    ImageStore store = seams.store().apply(new DiskImageStore(settings.home().resolve("store")));
    Catalogue catalogue = AccountLanes.priced(catalogue(), settings);
    HttpCalls calls = closing(new HttpCalls(settings.egress()));
    DoubtTable doubts = new DoubtTable(database);
    Routes routes =
        new AccountLanes(
                calls,
                clock,
                catalogue,
                settings.currency(),
                provider -> closing(seams.provider().apply(provider)),
                rows)
            .routes(accounts(settings, doubts), settings.models());
    Engine running =
        new Engine(
            routes,
            catalogue,
            rows,
            doubts,
            store,
            new ImageFetcher(calls, meters::download),
            new ImageIds(random),
            clock,
            settings.generation(),
            database::held);
    engine = running;
    patient.add(running);
    KeptTable kept = new KeptTable(database);
    OrphanSweep orphans = closing(new OrphanSweep(routes.lanes(), doubts, clock));
    Retention retention = closing(new Retention(kept, store, clock, settings.generation()));
    GenerationService generations =
        new GenerationService(
            rows,
            kept,
            catalogue,
            new Admission(settings.currency(), settings.generation().longestQueue()),
            new RateLimiter(clock),
            store,
            running,
            retention,
            new GenerationIds(random),
            clock,
            settings.generation());
    HttpSettings http = settings.http();
    List<Route> endpoints = new ArrayList<>(Operations.of(() -> ready && database.held()));
    BodyReader bodies =
        new BodyReader(
            store,
            http.bodyLimit(),
            MemoryBudget.withinHeap(http.bodiesInMemory()),
            new DiskBudget(generations::roomForInputs));
    endpoints.addAll(
        ImageRoutes.of(http, bodies, catalogue, generations, rows::findImage, store, links, clock));
    endpoints.addAll(ModelRoutes.of(catalogue, settings.currency()));
    UsageTable usage = new UsageTable(database, settings.currency());
    endpoints.addAll(UsageEndpoint.of(usage, clock, settings.currency()));
    endpoints.addAll(ReconciliationEndpoint.of(usage, routes.names()));
    AccountMeters.add(meters, routes, rows, clock);
    endpoints.add(Operations.metrics(meters::text));
    WebhookTable webhookRows = new WebhookTable(database, clock);
    endpoints.addAll(
        AdminRoutes.of(
            bodies,
            new AdminRoutes.Books(
                keys,
                new ProjectTable(database, clock),
                new BudgetTable(database, clock, settings.currency()),
                new AuditTable(database),
                webhookRows),
            new AdminRoutes.Work(
                catalogue, routes, rows, kept, ImageRoutes.view(http, generations, links, clock)),
            settings.currency(),
            settings.webhooks(),
            random,
            clock));
    WebhookSender webhooks =
        new WebhookSender(
            webhookRows,
            rows::find,
            ImageRoutes.webhookBody(http, generations, links, this::address, clock),
            calls,
            clock,
            random,
            settings.webhooks());
    patient.add(webhooks);
    SettingTable flags = new SettingTable(database);
    if (restored) {
      flags.store(RESTORING, clock.instant().toString());
    }
    String since = flags.find(RESTORING).orElse("no");
    if (!since.equals("no")) {
      running.startRestored(Instant.parse(since), () -> flags.store(RESTORING, "no"));
    } else {
      running.start();
    }
    retention.start();
    orphans.start();
    server = Server.start(http, new Authenticator(keys, clock), endpoints, meters::request);
    patient.add(server);
    webhooks.start();
    ready = true;
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
    // Side by side: each of them may use up its seconds.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      patient.forEach(part -> threads.execute(() -> stop(part)));
    }
    while (!parts.isEmpty()) {
      stop(parts.removeFirst());
    }
  }

  private static void stop(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("a part did not stop cleanly", e);
    }
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

  private void prepareKeys(MoongateSettings settings, KeyTable keys) {
    KeyMaker maker = new KeyMaker(random, clock);
    String given = settings.adminKey();
    if (given != null) {
      Key key = Key.parse(given).orElseThrow();
      keys.useFromEnvironment(
          maker.row(key, "MOONGATE_API_KEY", KeyTerms.of(Role.ADMIN), "environment", null));
      return;
    }
    keys.useFromEnvironment(null);
    if (keys.list().isEmpty()) {
      firstKey = maker.newKey();
      keys.add(maker.row(firstKey, "first", KeyTerms.of(Role.ADMIN), "first-start", null), "start");
    }
  }

  private String linkSecret(Database database) {
    return new SettingTable(database)
        .findOrMake(
            LINK_SECRET,
            () -> {
              byte[] secret = new byte[32];
              random.nextBytes(secret);
              return Base64.getEncoder().encodeToString(secret);
            });
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
        closing(Sandbox.start(SandboxSettings.at(settings.home().resolve("sandbox"), clock)));
    return List.of(SandboxAccount.of(sandbox, doubts));
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.addFirst(part);
    return part;
  }
}
