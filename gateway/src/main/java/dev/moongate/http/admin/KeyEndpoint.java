package dev.moongate.http.admin;

import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Projects;
import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Members;
import dev.moongate.http.Wire;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget.Period;
import dev.moongate.webhook.Webhook;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/keys}. A key itself stands in the answer that makes it, and nowhere else. */
record KeyEndpoint(
    AdminBody bodies,
    Keys keys,
    Projects projects,
    KeyWebhooks webhooks,
    KeyBudgets budgets,
    Catalogue catalogue,
    KeyMaker maker,
    InstantSource clock) {
  private static final long LONGEST_GRACE = 30L * 24 * 60 * 60;

  void make(Exchange exchange) throws IOException {
    Set<String> known =
        plusTerms(Set.of("name", "project", "expires_at", "webhook_url", "budgets"));
    Members body = bodies.read(exchange, known);
    KeyMembers members = new KeyMembers(body, catalogue);
    String name = AdminBody.name(body, null);
    String project = project(body);
    KeyTerms terms = members.terms(KeyTerms.of(Role.MEMBER));
    Instant end = members.expiresAt(null, clock.instant());
    Map<Period, Money> granted = budgets.read(body);
    Maker asking = budgets.maker(exchange.caller());
    asking.requireWithin(null, new Maker.Grant(terms, end));
    asking.requireWithin(granted);
    Webhook webhook = webhooks.read(body);
    Key key = maker.newKey();
    KeyRow row = maker.row(key, project, name, terms, "admin", end);
    String actor = exchange.caller().keyId();
    // Before the key, so that it never works without them.
    budgets.set(row.id(), granted, actor);
    keys.add(row, actor);
    if (webhook != null) {
      webhooks.rows().register(row.id(), webhook, actor);
    }
    once(exchange, 201, row, key, webhook);
  }

  void list(Exchange exchange) throws IOException {
    Set<String> known = new TreeSet<>(ListPage.QUERY);
    known.add("project");
    Map<String, String> query = exchange.queries(known);
    ListPage page = ListPage.of(query);
    String project = query.get("project");
    List<KeyRow> all =
        keys.list().stream()
            .filter(row -> project == null || row.project().equals(project))
            .toList();
    Map<String, URI> urls = webhooks.rows().urls();
    Instant now = clock.instant();
    exchange.json(
        200,
        page.json(
            page.of(all, KeyRow::id), KeyRow::id, row -> KeyView.of(row, urls.get(row.id()), now)));
  }

  void show(Exchange exchange) throws IOException {
    exchange.json(200, view(require(exchange.wildcard())));
  }

  void change(Exchange exchange) throws IOException {
    String id = exchange.wildcard();
    Members body =
        bodies.read(exchange, plusTerms(Set.of("name", "expires_at", "webhook_url", "disabled")));
    KeyMembers members = new KeyMembers(body, catalogue);
    Maker asking = budgets.maker(exchange.caller());
    Webhook webhook = webhooks.read(body);
    String actor = exchange.caller().keyId();
    KeyRow changed =
        keys.change(id, before -> changed(before, body, members, asking), actor)
            .orElseThrow(() -> AdminBody.unknown("key", id));
    if (webhook != null) {
      webhooks.rows().register(id, webhook, actor);
    } else if (body.has("webhook_url")) {
      webhooks.rows().unregister(id, actor);
    }
    once(exchange, 200, changed, null, webhook);
  }

  private KeyRow changed(KeyRow before, Members body, KeyMembers members, Maker asking) {
    Instant now = clock.instant();
    KeyRow after =
        before.with(
            AdminBody.name(body, before.name()),
            members.terms(before.terms()),
            members.expiresAt(before.expiresAt(), now),
            ProjectEndpoint.disabledAt(body, before.disabledAt(), now));
    asking.requireWithin(Maker.Grant.of(before), Maker.Grant.of(after));
    return after;
  }

  void rotate(Exchange exchange) throws IOException {
    Members body = bodies.read(exchange, Set.of("grace_seconds"));
    Long grace = AdminBody.number(body, "grace_seconds", 0, LONGEST_GRACE);
    if (grace == null) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          "grace_seconds",
          "grace_seconds is missing: how long the key of now keeps working; 0 if it leaked");
    }
    KeyRow row = require(exchange.wildcard());
    Maker asking = budgets.maker(exchange.caller());
    // The new key is handed to whoever asks for it.
    asking.requireWithin(null, Maker.Grant.of(row));
    asking.requireWithin(budgets.of(row.id()));
    Key key = maker.newKey();
    Instant until = clock.instant().plusSeconds(grace);
    if (!keys.rotate(row.id(), key.hash(), key.lastFour(), until, exchange.caller().keyId())) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE, "This key is disabled; enable it before it is rotated");
    }
    once(exchange, 200, require(row.id()), key, null);
  }

  void delete(Exchange exchange) throws IOException {
    String id = exchange.wildcard();
    if (!keys.delete(id, exchange.caller().keyId())) {
      throw AdminBody.unknown("key", id);
    }
    exchange.json(200, Wire.object().put("id", id).put("object", "key").put("deleted", true));
  }

  private void once(
      Exchange exchange, int status, KeyRow row, @Nullable Key key, @Nullable Webhook webhook)
      throws IOException {
    ObjectNode json = view(row);
    if (key != null) {
      json.put("key", key.text());
    }
    if (webhook != null) {
      json.put("webhook_secret", webhook.secret().text());
    }
    exchange.put("Cache-Control", "no-store");
    exchange.json(status, json);
  }

  private KeyRow require(String id) {
    return keys.find(id).orElseThrow(() -> AdminBody.unknown("key", id));
  }

  private ObjectNode view(KeyRow row) {
    return KeyView.of(row, webhooks.rows().urls().get(row.id()), clock.instant());
  }

  private String project(Members body) {
    String project = body.text("project");
    if (project == null) {
      return KeyMaker.PROJECT;
    }
    if (projects.find(project).isEmpty()) {
      throw AdminBody.invalid("project", "There is no project " + GatewayException.shown(project));
    }
    return project;
  }

  private static Set<String> plusTerms(Set<String> others) {
    Set<String> all = new TreeSet<>(others);
    all.addAll(KeyMembers.TERMS);
    return all;
  }
}
