package dev.moongate.http.admin;

import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.Project;
import dev.moongate.auth.Projects;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Members;
import dev.moongate.http.Wire;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/projects}. */
record ProjectEndpoint(AdminBody bodies, Projects projects, KeyMaker maker, InstantSource clock) {
  void make(Exchange exchange) throws IOException {
    Members body = bodies.read(exchange, Set.of("name", "weight", "limits"));
    Project project =
        maker.project(
            AdminBody.name(body, null),
            LimitMembers.weight(body, 1),
            LimitMembers.read(body, CallerLimits.NONE));
    projects.add(project, exchange.caller().keyId());
    exchange.json(201, view(project));
  }

  void list(Exchange exchange) throws IOException {
    ListPage page = ListPage.of(exchange.queries(ListPage.QUERY));
    exchange.json(
        200, page.json(page.of(projects.list(), Project::id), Project::id, ProjectEndpoint::view));
  }

  void show(Exchange exchange) throws IOException {
    String id = exchange.wildcard();
    exchange.json(200, view(projects.find(id).orElseThrow(() -> AdminBody.unknown("project", id))));
  }

  void change(Exchange exchange) throws IOException {
    String id = exchange.wildcard();
    Members body = bodies.read(exchange, Set.of("name", "weight", "limits", "disabled"));
    Project changed =
        projects
            .change(
                id,
                before ->
                    before.with(
                        AdminBody.name(body, before.name()),
                        LimitMembers.weight(body, before.weight()),
                        LimitMembers.read(body, before.limits()),
                        disabledAt(body, before.disabledAt(), clock.instant())),
                exchange.caller().keyId())
            .orElseThrow(() -> AdminBody.unknown("project", id));
    exchange.json(200, view(changed));
  }

  /** Since when it is disabled after a change. */
  static @Nullable Instant disabledAt(Members body, @Nullable Instant before, Instant now) {
    Boolean disabled = body.flag("disabled");
    if (disabled == null) {
      return before;
    }
    Instant since = before == null ? now : before;
    return disabled ? since : null;
  }

  private static ObjectNode view(Project project) {
    ObjectNode json = Wire.object();
    json.put("id", project.id());
    json.put("object", "project");
    json.put("name", project.name());
    json.put("status", project.disabledAt() == null ? "active" : "disabled");
    json.put("weight", project.weight());
    LimitMembers.show(json, project.limits());
    json.put("created", project.createdAt().getEpochSecond());
    LimitMembers.put(json, "disabled_at", seconds(project.disabledAt()));
    return json;
  }

  static @Nullable Long seconds(@Nullable Instant instant) {
    return instant == null ? null : instant.getEpochSecond();
  }
}
