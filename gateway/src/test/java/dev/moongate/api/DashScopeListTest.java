package dev.moongate.api;

import static dev.moongate.testing.DashScopeFace.TASKS;
import static dev.moongate.testing.DashScopeFace.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The vendor's list of tasks. */
@Timeout(300)
class DashScopeListTest {
  @TempDir private static Path home;
  private static MoongateHarness moongate;
  private static List<String> ids;

  @BeforeAll
  static void start() {
    moongate = MoongateHarness.sandbox(home);
    DashScopeFace face = new DashScopeFace(moongate);
    ids =
        IntStream.range(0, 3)
            .mapToObj(i -> face.begun(body("x" + i + " sandbox:delay=50ms", "{\"size\":\"1K\"}")))
            .toList();
    ids.forEach(id -> face.await(id, "SUCCEEDED"));
  }

  @AfterAll
  static void stop() {
    moongate.close();
  }

  private static JsonNode list(String query) {
    Answer answer = moongate.get(TASKS + query);
    assertThat(answer.status()).as(query).isEqualTo(200);
    return answer.json();
  }

  private static List<String> listed(String query) {
    return list(query)
        .path("data")
        .valueStream()
        .map(t -> t.path("task_id").stringValue())
        .toList();
  }

  @Test
  void lastDaysTasksAreListedNewestFirstInPages() {
    assertThat(listed("")).isEqualTo(ids.reversed());
    assertThat(listed("/")).isEqualTo(ids.reversed());
    JsonNode second = list("?page_no=2&page_size=2");
    assertThat(second.path("total").intValue()).isEqualTo(3);
    assertThat(second.path("total_page").intValue()).isEqualTo(2);
    assertThat(second.path("page_no").intValue()).isEqualTo(2);
    assertThat(second.path("page_size").intValue()).isEqualTo(2);
    assertThat(listed("?page_no=2&page_size=2")).containsExactly(ids.getFirst());
    assertThat(listed("?page_no=3&page_size=2")).isEmpty();
  }

  @Test
  void eachIsShownWithTimesInMilliseconds() {
    JsonNode task = list("?page_size=1").path("data").path(0);
    assertThat(task.path("status").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(task.path("model_name").stringValue()).isEqualTo("wan2.7-image-pro");
    long created = task.path("gmt_create").longValue();
    assertThat(task.path("start_time").longValue()).isGreaterThanOrEqualTo(created);
    assertThat(task.path("end_time").longValue()).isGreaterThan(created);
  }

  @Test
  void statusModelAndTimeNarrowIt() {
    assertThat(listed("?status=SUCCEEDED&model_name=wan2.7-image-pro")).hasSize(3);
    assertThat(listed("?status=FAILED")).isEmpty();
    assertThat(listed("?model_name=wan2.7-image")).isEmpty();
    assertThat(listed("?start_time=20200101000000&end_time=20200101235959")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "page_no=0, page_no",
    "page_size=101, page_size",
    "status=DONE, status",
    "start_time=2020, start_time",
    "start_time=20200230000000&end_time=20200301000000, start_time is 2020",
    "end_time=x, end_time",
    "start_time=20200101000000, start_time",
    "api_key_id=1, api_key_id",
    "region=x, region"
  })
  void badQueriesAreRefusedByName(String query, String name) {
    Answer answer = moongate.get(TASKS + "?" + query);
    assertThat(answer.error()).isEqualTo("400 InvalidParameter");
    assertThat(answer.json().path("message").stringValue()).contains(name);
  }
}
