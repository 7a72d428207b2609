package dev.moongate.api;

import static dev.moongate.testing.DashScopeFace.body;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Generations as the vendor's tasks: begun, polled, cancelled. */
class DashScopeTaskTest extends DashScopeFixture {
  private static final String BODY = body("x", "{}");
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}";

  @Test
  void asynchronousCallAnswersATaskAtOnce() {
    upstream.state("RUNNING");
    Answer answer = face.async(BODY);
    assertThat(answer.status()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.propertyNames()).containsExactlyInAnyOrder("request_id", "output");
    assertThat(json.path("request_id").stringValue()).isEqualTo(answer.header("x-request-id"));
    assertThat(json.path("output").propertyNames())
        .containsExactlyInAnyOrder("task_id", "task_status");
    assertThat(json.at("/output/task_status").stringValue()).isEqualTo("PENDING");
    assertThat(json.at("/output/task_id").stringValue())
        .isEqualTo(answer.header("x-moongate-generation"));
  }

  @Test
  void taskIsPolledUntilItsPicturesAreThere() {
    upstream.state("RUNNING");
    String id = face.begun(BODY);
    JsonNode running = face.await(id, "RUNNING");
    assertThat(running.path("output").has("end_time")).isFalse();
    assertThat(running.path("output").has("choices")).isFalse();
    upstream.state("SUCCEEDED");
    JsonNode ended = face.await(id, "SUCCEEDED");
    JsonNode output = ended.path("output");
    assertThat(output.path("task_id").stringValue()).isEqualTo(id);
    for (String time : new String[] {"submit_time", "scheduled_time", "end_time"}) {
      assertThat(output.path(time).stringValue()).as(time).matches(TIME);
    }
    assertThat(output.at("/choices/0/message/content/0/image").stringValue())
        .startsWith(moongate.uri() + "/images/");
    assertThat(ended.path("usage").path("image_count").intValue()).isEqualTo(1);
    assertThat(ended.toString()).doesNotContain("task-1", upstream.http().uri().toString());
  }

  @Test
  void whatIsAskedForAtOneFaceIsSeenAtTheOther() {
    String task = face.begun(BODY);
    face.await(task, "SUCCEEDED");
    assertThat(moongate.get("/v1/images/generations/" + task).json().path("status").stringValue())
        .isEqualTo("succeeded");
    String generation =
        moongate
            .generate(
                "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"response_format\":\"b64_json\"}")
            .header("x-moongate-generation");
    assertThat(face.task(generation).at("/output/choices/0/message/content/0/image").stringValue())
        .startsWith(moongate.uri().toString());
  }

  @Test
  void failedTaskSaysWhyInBothOfTheVendorsPlaces() {
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            json(400, DashScopeScripts.error("InvalidParameter", "Bad n.")));
    String id = face.begun(BODY);
    JsonNode failed = face.await(id, "FAILED");
    for (JsonNode place : new JsonNode[] {failed, failed.path("output")}) {
      assertThat(place.path("code").stringValue()).isEqualTo("InvalidParameter");
      assertThat(place.path("message").stringValue()).contains("Bad n.");
    }
    assertThat(failed.path("output").path("end_time").stringValue()).matches(TIME);
    assertThat(failed.path("output").has("choices")).isFalse();
  }

  @Test
  void taskThatIsNotThereIsUnknown() {
    Answer answer = moongate.get(DashScopeFace.TASKS + "/gen_none");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("output").toString())
        .isEqualTo("{\"task_id\":\"gen_none\",\"task_status\":\"UNKNOWN\"}");
  }

  @Test
  void anotherProjectsTaskIsUnknown() {
    String id = face.begun(BODY);
    face.await(id, "SUCCEEDED");
    String project =
        moongate.admin("POST", "/projects", "{\"name\":\"other\"}").json().path("id").stringValue();
    String key =
        moongate
            .admin("POST", "/keys", "{\"name\":\"o\",\"project\":\"%s\"}".formatted(project))
            .json()
            .path("key")
            .stringValue();
    String path = DashScopeFace.TASKS + "/" + id;
    assertThat(moongate.call(key, "GET", path, null).json().at("/output/task_status").stringValue())
        .isEqualTo("UNKNOWN");
    assertThat(moongate.call(key, "POST", path + "/cancel", null).error())
        .isEqualTo("400 UnsupportedOperation");
    assertThat(moongate.call(key, "GET", DashScopeFace.TASKS, null).json().path("total").intValue())
        .isZero();
  }

  @Test
  void deletedTaskIsUnknown() {
    String id = face.begun(BODY);
    face.await(id, "SUCCEEDED");
    assertThat(moongate.delete("/v1/images/generations/" + id).status()).isEqualTo(200);
    assertThat(face.status(id)).isEqualTo("UNKNOWN");
  }

  @Test
  void waitingTaskIsCancelledForFree() {
    upstream.state("RUNNING");
    for (int i = 0; i < 5; i++) {
      face.await(face.begun(BODY), "RUNNING");
    }
    Await.until("five were submitted", () -> upstream.submits() == 5);
    String sixth = face.begun(BODY);
    assertThat(face.status(sixth)).isEqualTo("PENDING");
    Answer cancelled = face.cancel(sixth);
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.json().propertyNames()).containsExactly("request_id");
    JsonNode output = face.task(sixth).path("output");
    assertThat(output.path("task_status").stringValue()).isEqualTo("CANCELED");
    assertThat(output.has("code")).isFalse();
    assertThat(
            moongate.rows(
                "SELECT kind FROM ledger WHERE generation_id = '" + sixth + "' ORDER BY kind"))
        .containsExactly("HOLD", "RELEASE");
    assertThat(upstream.submits()).isEqualTo(5);
  }

  @Test
  void endedTaskCannotBeCancelledAndNeitherCanOneThatIsNotThere() {
    String id = face.begun(BODY);
    face.await(id, "SUCCEEDED");
    assertThat(face.cancel(id).error()).isEqualTo("400 UnsupportedOperation");
    assertThat(face.cancel("gen_none").error()).isEqualTo("400 UnsupportedOperation");
  }
}
