package dev.moongate.db;

import dev.moongate.auth.Project;
import dev.moongate.auth.Projects;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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
  public boolean change(Project project, String actor) {
    return database.write(sql -> {
      int changed =
          sql.update(
              """
              UPDATE project SET name = ?, weight = ?, requests_per_minute = ?,
                images_per_minute = ?, pixels_per_day = ?, concurrent = ?, disabled_at = ?
              WHERE id = ?
              """,
              project.name(),
              project.weight(),
              project.limits().requestsPerMinute(),
              project.limits().imagesPerMinute(),
              project.limits().pixelsPerDay(),
              project.limits().concurrent(),
              project.disabledAt(),
              project.id());
      if (changed == 1) {
        audit(sql, actor, "project.change", project);
      }
      return changed == 1;
    });
  }

  @Override
  public Optional<Project> find(String id) {
    return database.read(
        sql -> sql.first("SELECT * FROM project WHERE id = ?", ProjectTable::read, id));
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
