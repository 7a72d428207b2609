package dev.moongate.db;

import dev.moongate.testing.EmbeddedPostgres;

class KeyTableOnPostgresTest extends KeyTableTest {
  @Override
  Database openDatabase() {
    return PostgresDatabase.open(EmbeddedPostgres.newDatabase(), () -> {});
  }
}
