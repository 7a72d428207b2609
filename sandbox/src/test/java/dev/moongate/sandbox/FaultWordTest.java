package dev.moongate.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultWordTest extends SandboxFixture {
  private static final String SMALL = "{\"size\":\"1K\",\"n\":2}";

  @ParameterizedTest
  @CsvSource({
    "sandbox:fail=DataInspectionFailed, 400, DataInspectionFailed",
    "sandbox:fail=InternalError.Algo, 500, InternalError.Algo",
    "sandbox:arrears, 400, Arrearage",
    "sandbox:bad-key, 401, InvalidApiKey",
    "sandbox:http=503, 503, ModelUnavailable",
    "sandbox:no-such, 400, InvalidParameter",
    "sandbox:http=banana, 400, InvalidParameter",
  })
  void submitIsRefused(String word, int status, String code) throws Exception {
    var answer = caller.async(Caller.body("a garden " + word, SMALL));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.at("/code")).isEqualTo(code);
  }

  @Test
  void throttleLetsTheThirdSubmitThrough() throws Exception {
    String body = Caller.body("a sandbox:throttle=2 sandbox:retry-after=3", SMALL);
    var first = caller.async(body);
    assertThat(first.status()).isEqualTo(429);
    assertThat(first.raw().headers().firstValue("retry-after")).contains("3");
    assertThat(caller.async(body).status()).isEqualTo(429);
    assertThat(caller.async(body).status()).isEqualTo(200);
  }

  @Test
  void htmlComesInPlaceOfJson() throws Exception {
    var answer = caller.async(Caller.body("a sandbox:html=502", SMALL));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.raw().body()).startsWith("<html>");
  }

  @ParameterizedTest
  @CsvSource({
    "reset, 0",
    "reset-before-answer, 1",
    "truncate, 1",
  })
  void connectionBreaksAndTheTaskListTellsWhetherItWasAccepted(String word, int accepted)
      throws Exception {
    String body = Caller.body("a sandbox:" + word, SMALL);
    assertThatThrownBy(() -> caller.async(body)).isInstanceOf(IOException.class);
    assertThat(caller.get("/tasks/").json().at("/total").intValue()).isEqualTo(accepted);
  }

  @Test
  void taskFailsNestedOrFlat() throws Exception {
    var nested = caller.generate("a sandbox:task-fail=InternalError.Algo", SMALL);
    assertThat(nested.status()).isEqualTo(200);
    assertThat(nested.at("/output/task_status")).isEqualTo("FAILED");
    assertThat(nested.at("/output/code")).isEqualTo("InternalError.Algo");
    var flat = caller.generate("a sandbox:task-fail=DataInspectionFailed,flat", SMALL);
    assertThat(flat.at("/code")).isEqualTo("DataInspectionFailed");
    assertThat(flat.json().has("output")).isFalse();
    var sync = caller.sync(Caller.body("a sandbox:task-fail=InternalError.Algo", SMALL));
    assertThat(sync.status()).isEqualTo(500);
  }

  @Test
  void firstPollsMayNotKnowTheTask() throws Exception {
    String id = caller.async(Caller.body("a sandbox:unknown=1", SMALL)).at("/output/task_id");
    assertThat(caller.get("/tasks/" + id).at("/output/task_status")).isEqualTo("UNKNOWN");
    assertThat(caller.get("/tasks/" + id).at("/output/task_status")).isNotEqualTo("UNKNOWN");
  }

  @Test
  void fewerPicturesComeThanWereAsked() throws Exception {
    var done = caller.generate("a sandbox:fewer=1 sandbox:text-item", SMALL);
    assertThat(Caller.links(done.json())).hasSize(1);
    assertThat(done.json().at("/usage/image_count").intValue()).isEqualTo(1);
    assertThat(done.at("/output/choices/0/message/content/0/type")).isEqualTo("text");
  }

  @Test
  void duplicateTaskIdIsTheOneOfTheSubmitBefore() throws Exception {
    String first = caller.async(Caller.body("a", SMALL)).at("/output/task_id");
    var second = caller.async(Caller.body("a sandbox:duplicate-task-id", SMALL));
    assertThat(second.at("/output/task_id")).isEqualTo(first);
  }

  @Test
  void brokenLinkHealsAfterItsTimes() throws Exception {
    var done = caller.generate("a sandbox:link=404:times=1", SMALL);
    String link = Caller.links(done.json()).getFirst();
    assertThat(caller.download(link).statusCode()).isEqualTo(404);
    assertThat(caller.download(link).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"truncated", "reset"})
  void downloadBreaks(String fault) throws Exception {
    var done = caller.generate("a sandbox:link=" + fault, SMALL);
    String link = Caller.links(done.json()).getFirst();
    assertThatThrownBy(() -> caller.download(link)).isInstanceOf(IOException.class);
  }
}
