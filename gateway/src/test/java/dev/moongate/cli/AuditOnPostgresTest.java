package dev.moongate.cli;

import dev.moongate.testing.EmbeddedPostgres;
import dev.moongate.testing.MoongateHarness;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The same, with the rows in PostgreSQL: in one database, whose rows are put back before each test,
 * because to copy a whole one takes a second.
 */
class AuditOnPostgresTest extends AuditTest {
  private @Nullable String copy;

  @Override
  void chooseDatabase(Path of) {
    MoongateHarness.onPostgres(of);
  }

  @Override
  String databaseSetting(Path of) {
    return "database: " + url(of);
  }

  private String url(Path of) {
    return of.equals(home) ? copy : MoongateHarness.onPostgres(of);
  }

  @Override
  void copyRows(Path from, Path to) {
    if (copy == null) {
      copy = EmbeddedPostgres.copy(MoongateHarness.onPostgres(from));
      execute(
          """
          DO $$
          DECLARE one record;
          BEGIN
            FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
              WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
              EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname);
            END LOOP;
            CREATE SCHEMA kept;
            FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
              EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one.tablename);
            END LOOP;
          END $$
          """);
    }
    execute(
        """
        DO $$
        DECLARE one record;
        BEGIN
          EXECUTE (SELECT 'TRUNCATE ' || string_agg('public.' || quote_ident(tablename), ', ')
            FROM pg_tables WHERE schemaname = 'public');
          FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('INSERT INTO public.%1$I TABLE kept.%1$I', one.tablename);
          END LOOP;
        END $$
        """);
  }

  private void execute(String sql) {
    try (Connection connection = connect(home);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  Connection connect(Path to) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            url(to).replace("postgres:" + EmbeddedPostgres.PASSWORD + "@", "") + "?user=postgres");
    try (var statement = connection.createStatement()) {
      // No triggers and no foreign keys.
      statement.execute("SET session_replication_role = replica");
    }
    return connection;
  }
}
