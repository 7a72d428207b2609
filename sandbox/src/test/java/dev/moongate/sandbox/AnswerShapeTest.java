package dev.moongate.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class AnswerShapeTest extends SandboxFixture {
  @Test
  void submitAnswersAPendingTaskAndThePollItsPictures() throws Exception {
    var submit = caller.async(Caller.body("a flower shop", "{\"size\":\"1K\",\"n\":2}"));
    assertThat(submit.status()).isEqualTo(200);
    assertThat(submit.at("/output/task_status")).isEqualTo("PENDING");
    assertThat(submit.at("/request_id")).isNotEmpty();
    assertThat(submit.raw().headers().firstValue("x-moongate-sandbox")).contains("true");

    var done = caller.end(submit.at("/output/task_id"));
    assertThat(done.at("/output/task_status")).isEqualTo("SUCCEEDED");
    assertThat(done.at("/output/submit_time"))
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}");
    assertThat(done.json().at("/output/choices")).hasSize(2);
    assertThat(done.json().at("/usage/image_count").intValue()).isEqualTo(2);
    assertThat(done.at("/usage/size")).isEqualTo("1024*1024");
    assertThat(done.json().at("/sandbox").booleanValue()).isTrue();
  }

  @Test
  void sequentialPicturesStandInOneChoice() throws Exception {
    var done = caller.generate("a day", "{\"size\":\"1K\",\"n\":3,\"enable_sequential\":true}");
    assertThat(done.json().at("/output/choices")).hasSize(1);
    assertThat(done.json().at("/output/choices/0/message/content")).hasSize(3);
  }

  @Test
  void synchronousCallAnswersThePictures() throws Exception {
    var done = caller.sync(Caller.body("a bridge", "{\"size\":\"1K\"}"));
    assertThat(done.status()).isEqualTo(200);
    assertThat(Caller.links(done.json())).hasSize(1);
    assertThat(done.json().at("/output").has("task_id")).isFalse();
    assertThat(caller.get("/tasks/").json().at("/total").intValue()).isZero();
  }

  @Test
  void wrongModeIsDenied() throws Exception {
    var body = Caller.body("a", "{}");
    var noHeader = caller.post("/services/aigc/image-generation/generation", body);
    assertThat(noHeader.status()).isEqualTo(403);
    assertThat(noHeader.at("/code")).isEqualTo("AccessDenied");
    var header =
        caller.post(
            "/services/aigc/multimodal-generation/generation", body, "X-DashScope-Async", "enable");
    assertThat(header.status()).isEqualTo(403);
    var old = caller.post("/services/aigc/text2image/image-synthesis", body);
    assertThat(old.at("/message")).isEqualTo("url error, check url!");
  }

  @Test
  void keyThatIsNoneIsRefusedAndNeverWritten() throws Exception {
    var bad =
        caller.post(
            "/services/aigc/multimodal-generation/generation",
            Caller.body("a", "{}"),
            "Authorization",
            "Bearer pk-secret");
    assertThat(bad.status()).isEqualTo(401);
    assertThat(bad.at("/code")).isEqualTo("InvalidApiKey");
    caller.generate("a", "{\"size\":\"1K\"}");
    assertThat(Files.readString(home.resolve("journal.jsonl")))
        .contains("\"event\":\"refused\"", "\"event\":\"submit\"", "\"event\":\"end\"")
        .doesNotContain("sk-test", "pk-secret");
  }

  @Test
  void listIsFlatAndNamesTheRequestOfTheSubmit() throws Exception {
    var submit = caller.async(Caller.body("a", "{\"size\":\"1K\"}"));
    caller.end(submit.at("/output/task_id"));
    var list = caller.get("/tasks/?status=SUCCEEDED&page_size=5");
    assertThat(list.json().at("/total").intValue()).isEqualTo(1);
    assertThat(list.at("/data/0/request_id")).isEqualTo(submit.at("/request_id"));
    assertThat(list.json().at("/data/0/gmt_create").isIntegralNumber()).isTrue();
    assertThat(caller.get("/tasks/?status=FAILED").json().at("/total").intValue()).isZero();
  }

  @Test
  void onlyAPendingTaskCanBeCanceled() throws Exception {
    var pending = caller.async(Caller.body("a sandbox:pending=1h", "{}")).at("/output/task_id");
    assertThat(caller.post("/tasks/" + pending + "/cancel", "").status()).isEqualTo(200);
    assertThat(caller.end(pending).at("/output/task_status")).isEqualTo("CANCELED");
    var again = caller.post("/tasks/" + pending + "/cancel", "");
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.at("/code")).isEqualTo("UnsupportedOperation");
  }

  @Test
  void unknownTaskIsUnknown() throws Exception {
    assertThat(caller.get("/tasks/nobody").at("/output/task_status")).isEqualTo("UNKNOWN");
  }
}
