package dev.moongate.db;

import dev.moongate.auth.Project;
import dev.moongate.auth.Projects;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The projects' table; each change is one transaction with its line in the audit log. */
public final class ProjectTable implements Projects {
  private final Database database;
  private final InstantSource clock;

  public ProjectTable(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void add(Project project, String actor) {
    database.write(sql -> {
      int added =
          sql.update(
              """
              INSERT INTO project (id, organisation_id, created_at, name, weight,
                requests_per_minute, images_per_minute, pixels_per_day, concurrent, disabled_at)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              project.id(),
              project.organisation(),
              project.createdAt(),
              project.name(),
              project.weight(),
              project.limits().requestsPerMinute(),
              project.limits().imagesPerMinute(),
              project.limits().pixelsPerDay(),
              project.limits().concurrent(),
              project.disabledAt());
      audit(sql, actor, "project.add", project);
      return added;
    });
  }

  @Override
  public Optional<Project> change(String id, UnaryOperator<Project> change, String actor) {
    return database.write(sql -> {
      AdminGuard guard = AdminGuard.before(sql, clock.instant());
      Optional<Project> found = find(sql, id);
      if (found.isEmpty()) {
        return found;
      }
      Project after = change.apply(found.orElseThrow());
      if (after.disabledAt() != null) {
        guard.requireNoneOfTheEnvironment(id);
      }
      sql.update(
          """
          UPDATE project SET name = ?, weight = ?, requests_per_minute = ?,
            images_per_minute = ?, pixels_per_day = ?, concurrent = ?, disabled_at = ?
          WHERE id = ?
          """,
          after.name(),
          after.weight(),
          after.limits().requestsPerMinute(),
          after.limits().imagesPerMinute(),
          after.limits().pixelsPerDay(),
          after.limits().concurrent(),
          after.disabledAt(),
          id);
      guard.after("disabled");
      audit(sql, actor, action(found.orElseThrow(), after), after);
      return Optional.of(after);
    });
  }

  private static String action(Project before, Project after) {
    if ((before.disabledAt() == null) == (after.disabledAt() == null)) {
      return "project.change";
    }
    return after.disabledAt() == null ? "project.enable" : "project.disable";
  }

  @Override
  public Optional<Project> find(String id) {
    return database.read(sql -> find(sql, id));
  }

  private static Optional<Project> find(Sql sql, String id) throws SQLException {
    return sql.first("SELECT * FROM project WHERE id = ?", ProjectTable::read, id);
  }

  @Override
  public List<Project> list() {
    return database.read(
        sql -> sql.list("SELECT * FROM project ORDER BY created_at, id", ProjectTable::read));
  }

  private void audit(Sql sql, String actor, String action, Project project) throws SQLException {
    AuditTable.write(
        sql, clock.instant(), actor, action, project.id(), KeyTermsRow.detail(project).toString());
  }

  private static Project read(Row row) throws SQLException {
    return new Project(
        row.text("id"),
        row.text("organisation_id"),
        row.text("name"),
        row.integer("weight"),
        KeyTermsRow.limits(row, ""),
        row.instant("created_at"),
        row.instantOrNull("disabled_at"));
  }
}
