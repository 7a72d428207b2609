package dev.moongate.provider.dashscope;

import static dev.moongate.testing.StandInUpstream.html;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.reset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.error.ErrorCode;
import dev.moongate.provider.Egress;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.ProviderOutcome.Failed;
import dev.moongate.provider.ProviderOutcome.OfPoll;
import dev.moongate.provider.ProviderOutcome.Running;
import dev.moongate.provider.ProviderOutcome.Succeeded;
import dev.moongate.provider.ProviderOutcome.Unanswered;
import dev.moongate.provider.ProviderOutcome.Unknown;
import dev.moongate.provider.Refusal.Next;
import dev.moongate.provider.TaskListing.Listed;
import dev.moongate.provider.TaskListing.Unlisted;
import dev.moongate.provider.TaskListing.Why;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.StandInUpstream.Handler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class PollOutcomeTest {
  private final StandInUpstream upstream = new StandInUpstream();
  private final HttpCalls calls = new HttpCalls(Egress.DIRECT);
  private final DashScopeProvider provider =
      new DashScopeProvider(
          upstream.uri().resolve("/api/v1/"),
          Mode.ASYNC,
          calls,
          InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));

  @AfterEach
  void stop() {
    calls.close();
    upstream.close();
  }

  private OfPoll poll(Handler answer) {
    upstream.respond("/api/v1/tasks/t-1", answer);
    return provider.poll("t-1", SubmissionFixtures.KEY);
  }

  private static Handler state(String output) {
    return json(200, "{\"request_id\":\"r\",\"output\":{\"task_id\":\"t-1\"," + output + "}}");
  }

  static Stream<Arguments> noAnswers() {
    return Stream.of(
        Arguments.of("429", json(429, "{\"code\":\"Throttling\"}")),
        Arguments.of("500", json(500, "{\"code\":\"InternalError\"}")),
        Arguments.of("503", html(503)),
        Arguments.of("HTML", html(200)),
        Arguments.of("reset", reset()),
        Arguments.of("wrong JSON", json(200, "{\"output\":")),
        Arguments.of("no state", json(200, "{\"output\":{\"task_id\":\"t-1\"}}")),
        Arguments.of("401", json(401, "{\"code\":\"InvalidApiKey\"}")),
        Arguments.of("200 InvalidApiKey", json(200, "{\"code\":\"InvalidApiKey\"}")),
        Arguments.of(
            "another task",
            json(200, "{\"output\":{\"task_id\":\"t-2\",\"task_status\":\"FAILED\"}}")),
        Arguments.of("404", json(404, "{\"code\":\"NotFound\",\"message\":\"x\"}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noAnswers")
  void row127AFailedQuestionIsAskedAgain(String name, Handler answer) {
    assertThat(poll(answer)).as(name).isInstanceOf(Unanswered.class);
  }

  @Test
  void row127ThePauseAskedForIsKept() {
    assertThat(((Unanswered) poll(json(429, Map.of("Retry-After", "7"), "{}"))).retryAfter())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PENDING", "RUNNING", "SUSPENDED", "ARCHIVING"})
  void rows128And129WhateverHasNotEndedRuns(String status) {
    assertThat(poll(state("\"task_status\":\"" + status + "\""))).isEqualTo(new Running(status));
  }

  @Test
  void row130UnknownIsSaid() {
    assertThat(poll(state("\"task_status\":\"UNKNOWN\""))).isEqualTo(new Unknown());
  }

  @ParameterizedTest
  @CsvSource({
    "DataInspectionFailed,END,CONTENT_POLICY_VIOLATION",
    "InvalidURL.Timeout,END,UPSTREAM_REFUSED",
    "InternalError,RETRY_FEW,UPSTREAM_FAILED",
    "InternalError.Timeout,END,UPSTREAM_TIMEOUT",
    "SomethingNew,END,UPSTREAM_FAILED"
  })
  void row132BothFormsOfAFailedTaskAreRead(String code, Next next, ErrorCode told) {
    OfPoll inOutput =
        poll(state("\"task_status\":\"FAILED\",\"code\":\"" + code + "\",\"message\":\"because\""));
    OfPoll flat =
        poll(json(200, "{\"request_id\":\"r\",\"code\":\"" + code + "\",\"message\":\"because\"}"));
    assertThat(flat).isEqualTo(inOutput).isInstanceOf(Failed.class);
    assertThat(((Failed) flat).refusal().next()).isEqualTo(next);
    assertThat(((Failed) flat).refusal().code()).isEqualTo(told);
    assertThat(((Failed) flat).refusal().message()).contains("because");
  }

  @Test
  void row132ACancelledTaskFailed() {
    assertThat(poll(state("\"task_status\":\"CANCELED\""))).isInstanceOf(Failed.class);
  }

  @Test
  void resultsAreFlattenedAndTheWholeAnswerIsKept() {
    Succeeded done =
        (Succeeded)
            poll(
                json(
                    200,
                    """
                    {"request_id":"r","new":{"a":[1.50,null,false]},"output":{"task_id":"t-1",
                    "task_status":"SUCCEEDED","finished":true,"choices":[
                    {"message":{"content":[{"type":"image","image":"http://a/1"},
                      {"type":"text","text":"hello","image":"http://a/no"},{"type":"image","image":null}]}},
                    {"message":{"content":[{"image":"http://a/2"},{"type":"image","image":"http://a/1"}]}},
                    null,{"message":null}]},
                    "usage":{"image_count":2,"size":"1*1"}}\
                    """));
    assertThat(done.links()).containsExactly("http://a/1", "http://a/2");
    assertThat(done.imageCount()).isEqualTo(2);
    assertThat(done.metadata())
        .contains(
            "\"image\":\"moongate:image/0\"",
            "\"image\":\"moongate:image/1\"",
            "\"finished\":true",
            "\"new\":{\"a\":[1.50,null,false]}",
            "\"size\":\"1*1\"",
            "\"text\":\"hello\"")
        .doesNotContain("http://a/1", "http://a/2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"choices\":[]",
        "\"choices\":null",
        "\"x\":1",
        "\"choices\":\"no\"",
        "\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"sorry\"}]}}]"
      })
  void row134SuccessWithoutPicturesHasNoLinks(String choices) {
    assertThat(((Succeeded) poll(state("\"task_status\":\"SUCCEEDED\"," + choices))).links())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "\"4\"", "1000000000", "1e30", "null", "1.5", "[]"})
  void row135AnImpossibleCountIsNone(String count) {
    Succeeded done =
        (Succeeded)
            poll(
                json(
                    200,
                    "{\"output\":{\"task_id\":\"t-1\",\"task_status\":\"SUCCEEDED\"},\"usage\":"
                        + "{\"image_count\":"
                        + count
                        + "}}"));
    assertThat(done.imageCount()).isNull();
  }

  @Test
  void ourKeyNeverComesBack() {
    Succeeded done =
        (Succeeded)
            poll(
                state(
                    "\"task_status\":\"SUCCEEDED\",\"debug\":\""
                        + SubmissionFixtures.KEY.secret()
                        + "\""));
    assertThat(done.metadata()).doesNotContain(SubmissionFixtures.KEY.secret());
  }

  @Test
  void cancelSaysWhetherItWorked() {
    upstream.respond(
        "/api/v1/tasks/t-1/cancel",
        json(200, "{\"request_id\":\"r\"}"),
        json(400, "{\"code\":\"UnsupportedOperation\",\"message\":\"m\"}"));
    assertThat(provider.tryCancel("t-1", SubmissionFixtures.KEY)).isTrue();
    assertThat(provider.tryCancel("t-1", SubmissionFixtures.KEY)).isFalse();
    StandInUpstream.Received request = upstream.received().getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.body()).isEmpty();
  }

  @Test
  void aTaskIdThatIsNoneIsNeverPutIntoAPath() {
    assertThatThrownBy(() -> provider.poll("../quotas", SubmissionFixtures.KEY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void tasksAreListedOverAllPages() {
    upstream.respond(
        "/api/v1/tasks/",
        json(
            200,
            """
            {"total":2,"total_page":2,"page_no":1,"data":[{"task_id":"a","status":"RUNNING",
            "api_key_id":77,"model_name":"wan2.7-image","gmt_create":1700000000000,
            "request_id":"r-a"}]}\
            """),
        json(200, "{\"total_page\":2,\"data\":[{\"task_id\":\"b\",\"status\":\"FAILED\"}]}"));
    assertThat(provider.tasks(null, SubmissionFixtures.KEY, Supplier::get))
        .isEqualTo(
            new Listed(
                List.of(
                    new ListedTask(
                        "a",
                        "RUNNING",
                        "wan2.7-image",
                        "77",
                        "r-a",
                        Instant.ofEpochMilli(1700000000000L)),
                    new ListedTask("b", "FAILED", null, null, null, null))));
    assertThat(upstream.received())
        .extracting(StandInUpstream.Received::target)
        .containsExactly(
            "/api/v1/tasks/?page_no=1&page_size=100", "/api/v1/tasks/?page_no=2&page_size=100");
  }

  @Test
  void taskThatComesInBetweenTwoPagesMakesNoOtherOneTwo() {
    upstream.respond(
        "/api/v1/tasks/",
        json(
            200,
            """
            {"total_page":2,"data":[{"task_id":"a","status":"RUNNING"},
            {"task_id":"b","status":"RUNNING"}]}\
            """),
        json(
            200,
            """
            {"total_page":2,"data":[{"task_id":"b","status":"SUCCEEDED"},
            {"task_id":"c","status":"FAILED"}]}\
            """));
    assertThat(provider.tasks(null, SubmissionFixtures.KEY, Supplier::get))
        .isEqualTo(
            new Listed(
                List.of(
                    new ListedTask("a", "RUNNING", null, null, null, null),
                    new ListedTask("b", "SUCCEEDED", null, null, null, null),
                    new ListedTask("c", "FAILED", null, null, null, null))));
  }

  @Test
  void listThatRunsFromNewToOldIsReadNoFurtherThanNeeded() {
    upstream.respond(
        "/api/v1/tasks/",
        json(
            200,
            """
            {"total_page":9,"data":[{"task_id":"a","gmt_create":2000},
            {"task_id":"b","gmt_create":1000}]}\
            """));
    Instant since = Instant.ofEpochMilli(1500);
    assertThat(provider.tasks(since, SubmissionFixtures.KEY, Supplier::get))
        .isInstanceOf(Listed.class);
    assertThat(upstream.received()).hasSize(1);
  }

  @Test
  void listInAnyOtherOrderIsReadToItsEnd() {
    upstream.respond(
        "/api/v1/tasks/",
        json(
            200,
            """
            {"total_page":3,"data":[{"task_id":"a","gmt_create":1000},
            {"task_id":"b","gmt_create":2000},{"task_id":"c","gmt_create":1200}]}\
            """));
    Instant since = Instant.ofEpochMilli(1500);
    assertThat(provider.tasks(since, SubmissionFixtures.KEY, Supplier::get))
        .isInstanceOf(Listed.class);
    assertThat(upstream.received()).hasSize(3);
  }

  @Test
  void pageSizeThatIsRefusedIsNotAskedForTwice() {
    upstream.respond(
        "/api/v1/tasks/",
        json(400, "{\"code\":\"InvalidParameter\",\"message\":\"page_size\"}"),
        json(200, "{\"total\":0}"));
    assertThat(provider.tasks(null, SubmissionFixtures.KEY, Supplier::get))
        .isEqualTo(new Listed(List.of()));
    assertThat(upstream.received().getLast().target()).endsWith("page_size=10");
  }

  @Test
  void halfAListIsNoList() {
    upstream.respond(
        "/api/v1/tasks/",
        json(200, "{\"total_page\":2,\"data\":[{\"task_id\":\"a\",\"status\":\"RUNNING\"}]}"),
        json(500, "{\"code\":\"InternalError\"}"));
    assertThat(provider.tasks(null, SubmissionFixtures.KEY, Supplier::get))
        .isEqualTo(new Unlisted("status 500", Why.BROKEN));
  }
}
