package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.EmbeddedPostgres;

/** The same on PostgreSQL, where the next process also has to get the lock of the one killed. */
class KilledWriterOnPostgresTest extends KilledWriterTest {
  private final String url = EmbeddedPostgres.newDatabase();

  @Override
  String database() {
    return url;
  }

  @Override
  void requireWhole(Database database) {
    assertThat(database.held()).isTrue();
  }
}
