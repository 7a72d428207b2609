package dev.moongate.provider.dashscope;

import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.CallOutcome;
import dev.moongate.provider.CallOutcome.Answered;
import dev.moongate.provider.Egress;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.provider.TaskListing;
import dev.moongate.provider.TaskListing.Listed;
import dev.moongate.provider.TaskListing.Unlisted;
import dev.moongate.provider.TaskListing.Why;
import dev.moongate.testing.StandInUpstream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A list of tasks counts only if it is surely the whole of it. */
@Timeout(300)
class TaskListTest {
  private static final String A = "{\"task_id\":\"a\",\"status\":\"RUNNING\"}";
  private static final String B = "{\"task_id\":\"b\",\"status\":\"RUNNING\"}";

  private final StandInUpstream upstream = new StandInUpstream();
  private final HttpCalls calls = new HttpCalls(Egress.DIRECT);
  private final DashScopeProvider provider =
      new DashScopeProvider(
          upstream.uri().resolve("/api/v1/"), Mode.ASYNC, calls, InstantSource.system());

  @AfterEach
  void stop() {
    calls.close();
    upstream.close();
  }

  /** What comes of pages that say these things. */
  private TaskListing list(String... pages) {
    StandInUpstream.Handler[] answers = new StandInUpstream.Handler[pages.length];
    for (int i = 0; i < pages.length; i++) {
      answers[i] = json(200, "{" + pages[i] + "}");
    }
    upstream.respond("/api/v1/tasks/", answers);
    return provider.tasks(null, SubmissionFixtures.KEY, Supplier::get);
  }

  private static String data(String... tasks) {
    return ",\"data\":[" + String.join(",", tasks) + "]";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"total\":300",
        "\"total_page\":null",
        "\"total_page\":\"3\"",
        "\"total_page\":1.5",
        "\"total_page\":\"many\"",
        "\"total_page\":0",
        "\"total_page\":-1"
      })
  void pageThatDoesNotSayHowManyThereAreIsNoList(String count) {
    assertThat(list(count + data(A))).isEqualTo(new Unlisted("status 200", Why.REFUSED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"total\":0",
        "\"total\":0,\"data\":[]",
        "\"total\":0,\"total_page\":0,\"data\":[]",
        "\"total_page\":0,\"data\":[]",
        "\"total_page\":1,\"data\":[]"
      })
  void listOfNoTasksIsOne(String page) {
    assertThat(list(page)).isEqualTo(new Listed(List.of()));
  }

  @Test
  void fewerTasksThanTheFirstPageSaidAreNotAll() {
    assertThat(
            list(
                "\"total\":3,\"total_page\":2" + data(A), "\"total\":2,\"total_page\":2" + data(B)))
        .isEqualTo(new Unlisted("2 of 3 tasks", Why.BROKEN));
  }

  @Test
  void tasksThatComeInBetweenTwoPagesMakeNoneMissing() {
    assertThat(
            list(
                "\"total\":1,\"total_page\":2" + data(A),
                "\"total\":3,\"total_page\":2" + data(A, B)))
        .isInstanceOf(Listed.class);
  }

  @Test
  void listOfAnyLengthIsReadToItsEndAndEachPageOfItIsPaced() {
    AtomicInteger pages = new AtomicInteger();
    upstream.respond(
        "/api/v1/tasks/",
        (request, reply) -> {
          String number = request.target().replaceAll(".*page_no=(\\d+).*", "$1");
          json(
                  200,
                  "{\"total\":300,\"total_page\":300"
                      + data(A.replace("a\"", "a" + number + '"'))
                      + "}")
              .handle(request, reply);
        });
    TaskListing listing =
        provider.tasks(
            null,
            SubmissionFixtures.KEY,
            call -> {
              pages.incrementAndGet();
              return call.get();
            });
    assertThat(((Listed) listing).tasks()).hasSize(300);
    assertThat(pages).hasValue(300);
    assertThat(upstream.received()).hasSize(300);
  }

  @Test
  void listWithoutAnEndIsGivenUp() {
    AtomicInteger pages = new AtomicInteger();
    byte[] page = ("{\"total_page\":9999" + data(A) + "}").getBytes(StandardCharsets.UTF_8);
    TaskLister lister =
        new TaskLister(
            JsonMapper.builder().build(),
            (_, _) -> {
              pages.incrementAndGet();
              return new Answered(200, null, false, new CallOutcome.Body(page), true);
            });
    assertThat(lister.list(null, SubmissionFixtures.KEY, Supplier::get))
        .isEqualTo(new Unlisted("more than 3000 pages", Why.TOO_LONG));
    assertThat(pages).hasValue(3000);
  }
}
