package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.EmbeddedPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All of it again on PostgreSQL, whose planner speaks another language. */
class GenerationTableOnPostgresTest extends GenerationTableTest {
  @Override
  Database openDatabase() {
    return PostgresDatabase.open(EmbeddedPostgres.newDatabase(), () -> {});
  }

  @Test
  @Override
  void everyQuestionOfTheScheduleMeetsAnIndex() {
    for (String question :
        List.of(
            "state = 'ADMITTED' AND model IN ('a') AND due_at + 0 <= 1 ORDER BY created_at, id"
                + " LIMIT 1",
            "state IN ('SUBMITTED', 'FETCHING') AND account = 'a' AND due_at <= 1 ORDER BY due_at",
            "state IN ('DISPATCHING', 'SUBMITTED') AND account = 'a'",
            "state IN ('DISPATCHING', 'UNCERTAIN') ORDER BY created_at, id")) {
      assertThat(plan("SELECT * FROM generation WHERE " + question))
          .as(question)
          .containsPattern(
              "(Index|Bitmap Index) Scan.* (using|on) generation_(queue|due|running|in_doubt)")
          .doesNotContain("Seq Scan");
    }
  }

  @Test
  @Override
  void listsOfAKeyAndOfAnAccountMeetAnIndexInTheirOrder() {
    for (String list : LISTS_OF_ADMINISTRATORS) {
      assertThat(plan("SELECT * FROM generation WHERE " + list))
          .as(list)
          .containsPattern("Index Scan Backward using generation_of_(key|account)")
          .doesNotContain("Sort");
    }
  }

  private String plan(String query) {
    return database.read(sql -> {
      // A table of no rows is read as a whole otherwise.
      sql.script("SET LOCAL enable_seqscan = off");
      return String.join("\n", sql.list("EXPLAIN " + query, row -> row.text("QUERY PLAN")));
    });
  }
}
