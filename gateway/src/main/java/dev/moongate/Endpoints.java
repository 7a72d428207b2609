package dev.moongate;

import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.GenerationService;
import dev.moongate.http.Operations;
import dev.moongate.http.Route;
import dev.moongate.http.admin.AdminRoutes;
import dev.moongate.http.admin.ReconciliationEndpoint;
import dev.moongate.http.admin.UsageEndpoint;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.DiskBudget;
import dev.moongate.http.body.MemoryBudget;
import dev.moongate.http.dashscope.DashScopeRoutes;
import dev.moongate.http.images.ImageRoutes;
import dev.moongate.http.models.ModelRoutes;
import dev.moongate.model.Catalogue;
import dev.moongate.routing.Routes;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.store.ImageStore;
import dev.moongate.store.Links;
import dev.moongate.webhook.WebhookBody;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** All that one gateway serves, and what it stands on. */
record Endpoints(
    MoongateSettings settings,
    Tables tables,
    Catalogue catalogue,
    Routes routes,
    GenerationRows rows,
    ImageStore store,
    Links links,
    GenerationService generations,
    SecureRandom random,
    Clock clock) {

  /**
   * The routes.
   *
   * @param ready whether requests are served
   * @param metrics the text of {@code /metrics}
   */
  List<Route> all(BooleanSupplier ready, Supplier<String> metrics) {
    BodyReader bodies =
        new BodyReader(
            store,
            settings.http().bodyLimit(),
            settings.http().formLimit(),
            MemoryBudget.withinHeap(settings.http().bodiesInMemory()),
            new DiskBudget(generations::roomForInputs));
    List<Route> all = new ArrayList<>(Operations.of(ready));
    all.addAll(
        ImageRoutes.of(
            settings.http(), bodies, catalogue, generations, rows::findImage, store, links, clock));
    all.addAll(
        DashScopeRoutes.of(settings.http(), bodies, catalogue, generations, store, links, clock));
    all.addAll(ModelRoutes.of(catalogue, settings.currency(), settings.http().linkLife()));
    all.addAll(UsageEndpoint.of(tables.usage(), clock, settings.currency()));
    all.addAll(ReconciliationEndpoint.of(tables.usage(), routes.names()));
    all.add(Operations.metrics(metrics));
    all.addAll(admin(bodies));
    return all;
  }

  private List<Route> admin(BodyReader bodies) {
    AdminRoutes.Books books =
        new AdminRoutes.Books(
            tables.keys(), tables.projects(), tables.budgets(), tables.audit(), tables.webhooks());
    AdminRoutes.Work work =
        new AdminRoutes.Work(
            catalogue,
            routes,
            rows,
            tables.kept(),
            ImageRoutes.view(settings.http(), generations, links, clock));
    return AdminRoutes.of(
        bodies, books, work, settings.currency(), settings.webhooks(), random, clock);
  }

  /**
   * What webhooks are sent.
   *
   * @param address what links begin with if no public URL is set
   */
  WebhookBody webhookBody(Supplier<String> address) {
    return ImageRoutes.webhookBody(settings.http(), generations, links, address, clock);
  }
}
