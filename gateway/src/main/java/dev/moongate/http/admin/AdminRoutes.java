package dev.moongate.http.admin;

import dev.moongate.auth.AuditLog;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.Keys;
import dev.moongate.auth.Projects;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.KeptGenerations;
import dev.moongate.http.Access;
import dev.moongate.http.Endpoint;
import dev.moongate.http.Route;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.images.GenerationView;
import dev.moongate.model.Catalogue;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.policy.Budgets;
import dev.moongate.routing.Routes;
import dev.moongate.webhook.WebhookRows;
import dev.moongate.webhook.WebhookSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** Wires the admin's endpoints. All of them need an admin's key. */
public final class AdminRoutes {
  private static final String ROOT = "/admin/v1";

  private AdminRoutes() {}

  /** What keys, projects and money are kept in. */
  public record Books(
      Keys keys, Projects projects, Budgets budgets, AuditLog audit, WebhookRows webhooks) {}

  /** What is administered besides them. */
  public record Work(
      Catalogue catalogue,
      Routes accounts,
      GenerationRows rows,
      KeptGenerations kept,
      GenerationView view) {}

  /**
   * The routes.
   *
   * @param currency of the ledger
   */
  public static List<Route> of(
      BodyReader reader,
      Books books,
      Work work,
      String currency,
      WebhookSettings webhooks,
      SecureRandom random,
      InstantSource clock) {
    AdminBody bodies = new AdminBody(reader);
    KeyMaker maker = new KeyMaker(random, clock);
    KeyBudgets amounts = new KeyBudgets(books.budgets(), books.keys(), currency, clock);
    ProjectEndpoint projects = new ProjectEndpoint(bodies, books.projects(), maker, clock);
    KeyEndpoint keys =
        new KeyEndpoint(
            bodies,
            books.keys(),
            books.projects(),
            new KeyWebhooks(books.webhooks(), webhooks, random),
            amounts,
            work.catalogue(),
            maker,
            clock);
    BudgetEndpoint ofProjects = budgets(Scope.PROJECT, bodies, books, amounts, clock);
    BudgetEndpoint ofKeys = budgets(Scope.KEY, bodies, books, amounts, clock);
    AccountEndpoint accounts = new AccountEndpoint(work.accounts(), work.rows(), clock);
    AdminGenerationEndpoint generations =
        new AdminGenerationEndpoint(work.rows(), work.kept(), work.view());
    return List.of(
        route("POST", "/projects", projects::make),
        route("GET", "/projects", projects::list),
        route("GET", "/projects/*", projects::show),
        route("PATCH", "/projects/*", projects::change),
        route("GET", "/projects/*/budgets", ofProjects::list),
        route("PUT", "/projects/*/budgets/*", ofProjects::set),
        route("DELETE", "/projects/*/budgets/*", ofProjects::remove),
        route("POST", "/keys", keys::make),
        route("GET", "/keys", keys::list),
        route("GET", "/keys/*", keys::show),
        route("PATCH", "/keys/*", keys::change),
        route("DELETE", "/keys/*", keys::delete),
        route("POST", "/keys/*/rotate", keys::rotate),
        route("GET", "/keys/*/budgets", ofKeys::list),
        route("PUT", "/keys/*/budgets/*", ofKeys::set),
        route("DELETE", "/keys/*/budgets/*", ofKeys::remove),
        route("GET", "/audit-log", new AuditEndpoint(books.audit())::list),
        route("GET", "/accounts", accounts::list),
        route("GET", "/generations", generations::list),
        route("GET", "/generations/*", generations::show));
  }

  private static Route route(String method, String path, Endpoint endpoint) {
    return new Route(method, ROOT + path, Access.ADMIN, endpoint);
  }

  private static BudgetEndpoint budgets(
      Scope scope, AdminBody bodies, Books books, KeyBudgets amounts, InstantSource clock) {
    return new BudgetEndpoint(
        scope, bodies, books.budgets(), amounts, books.keys(), books.projects(), clock);
  }
}
