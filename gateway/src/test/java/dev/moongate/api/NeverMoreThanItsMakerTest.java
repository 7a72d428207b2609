package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an admin's key grants it has itself, and somebody always administers the gateway. */
@Timeout(300)
class NeverMoreThanItsMakerTest {
  private static final String TERMS =
      """
      "models":["wan2.7-image"],"limits":{"requests_per_minute":10,"images_per_minute":20,
      "pixels_per_day":30,"concurrent":4},"link_life_seconds":600,"expires_at":4102444800,
      "budgets":{"day":"20"}
      """;

  @TempDir private Path home;
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate = MoongateHarness.sandbox(home);
  }

  @AfterEach
  void stop() {
    moongate.close();
  }

  private JsonNode make(String members) {
    Answer made = moongate.admin("POST", "/keys", "{\"name\":\"a\"," + members + "}");
    assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
    return made.json();
  }

  private Answer as(JsonNode key, String method, String path, String body) {
    return moongate.call(key.path("key").stringValue(), method, "/admin/v1" + path, body);
  }

  private static void refused(Answer answer, String param) {
    assertThat(answer.error()).as(answer.json().toString()).isEqualTo("403 permission_denied");
    assertThat(answer.param()).isEqualTo(param);
  }

  @Test
  void aKeyIsGivenNoMoreThanItsMakerHas() {
    JsonNode maker = make("\"role\":\"admin\"," + TERMS);
    assertThat(as(maker, "POST", "/keys", "{\"name\":\"b\"," + TERMS + "}").status())
        .isEqualTo(201);
    List<String[]> more =
        List.of(
            new String[] {"models", "\"wan2.7-image\"", "\"wan2.7-image-pro\""},
            new String[] {"models", "[\"wan2.7-image\"]", "null"},
            new String[] {"limits.requests_per_minute", ":10,", ":11,"},
            new String[] {"limits.images_per_minute", ":20,", ":null,"},
            new String[] {"limits.pixels_per_day", "\"pixels_per_day\":30,", ""},
            new String[] {"limits.concurrent", ":4}", ":5}"},
            new String[] {"link_life_seconds", ":600", ":601"},
            new String[] {"expires_at", "4102444800", "4102444801"},
            new String[] {"budgets.day", "\"20\"", "\"20.000001\""},
            new String[] {"budgets.day", "\"budgets\":{\"day\":\"20\"}", "\"lenient\":true"});
    for (String[] one : more) {
      String terms = TERMS.strip().replace(one[1], one[2]);
      assertThat(terms).isNotEqualTo(TERMS.strip());
      refused(as(maker, "POST", "/keys", "{\"name\":\"b\"," + terms + "}"), one[0]);
    }
    assertThat(moongate.admin("GET", "/keys", null).json().path("data")).hasSize(3);
  }

  @Test
  void aSmallAdminNeitherRaisesNorTakesOverABiggerKey() {
    JsonNode maker = make("\"role\":\"admin\"," + TERMS);
    String own = "/keys/" + maker.path("id").stringValue();
    String bigger = "/keys/" + make("\"role\":\"member\"").path("id").stringValue();
    refused(as(maker, "PATCH", own, "{\"limits\":{\"concurrent\":5}}"), "limits.concurrent");
    refused(as(maker, "PATCH", own, "{\"limits\":null}"), "limits.requests_per_minute");
    refused(as(maker, "PATCH", own, "{\"models\":null}"), "models");
    refused(as(maker, "PATCH", own, "{\"expires_at\":null}"), "expires_at");
    refused(as(maker, "PUT", own + "/budgets/day", "{\"amount\":\"21\"}"), "amount");
    refused(as(maker, "PUT", bigger + "/budgets/day", "{\"amount\":\"21\"}"), "amount");
    refused(as(maker, "DELETE", own + "/budgets/day", null), "amount");
    refused(as(maker, "POST", bigger + "/rotate", "{\"grace_seconds\":0}"), "models");
    // What it leaves alone may be more than it has.
    assertThat(as(maker, "PATCH", bigger, "{\"name\":\"c\",\"weight\":1}").status()).isEqualTo(200);
    assertThat(as(maker, "PATCH", bigger, "{\"limits\":{\"concurrent\":4}}").status())
        .isEqualTo(200);
    assertThat(as(maker, "PUT", bigger + "/budgets/day", "{\"amount\":\"20\"}").status())
        .isEqualTo(200);
    assertThat(as(maker, "PUT", bigger + "/budgets/month", "{\"amount\":\"900\"}").status())
        .isEqualTo(200);
    assertThat(as(maker, "POST", own + "/rotate", "{\"grace_seconds\":0}").status()).isEqualTo(200);
  }

  @Test
  void theEnvironmentsKeyStaysAsItIs() {
    String id = moongate.rows("SELECT id FROM api_key").getFirst();
    make("\"role\":\"admin\"");
    for (String change :
        List.of("\"disabled\":true", "\"role\":\"member\"", "\"expires_at\":4102444800")) {
      Answer refused = moongate.admin("PATCH", "/keys/" + id, "{" + change + "}");
      assertThat(refused.error()).isEqualTo("400 invalid_value");
      assertThat(refused.param()).isEqualTo(change.split("\"", -1)[1]);
    }
    assertThat(moongate.admin("DELETE", "/keys/" + id, null).error())
        .isEqualTo("400 invalid_value");
    assertThat(moongate.admin("POST", "/keys/" + id + "/rotate", "{\"grace_seconds\":9}").error())
        .isEqualTo("400 invalid_value");
    assertThat(moongate.admin("PATCH", "/keys/" + id, "{\"name\":\"ours\"}").status())
        .isEqualTo(200);
  }

  @Test
  void theLastAdminKeyThatWorksStaysOne() throws Exception {
    // Without a key in the environment, as after a first start.
    JsonNode last = make("\"role\":\"admin\"");
    String path = "/keys/" + last.path("id").stringValue();
    make("\"role\":\"member\"");
    make("\"role\":\"admin\",\"expires_at\":" + (Instant.now().getEpochSecond() + 3600));
    try (var database = moongate.database()) {
      database.keys().useFromEnvironment(null);
    }
    assertThat(as(last, "GET", "/keys", null).json().path("data")).hasSize(4);
    String other =
        moongate
            .rows("SELECT id FROM api_key WHERE role = 'ADMIN' AND expires_at IS NOT NULL")
            .getFirst();
    assertThat(as(last, "PATCH", "/keys/" + other, "{\"role\":\"member\"}").status())
        .isEqualTo(200);
    Answer disabled = as(last, "PATCH", path, "{\"disabled\":true}");
    assertThat(disabled.error()).isEqualTo("400 invalid_value");
    assertThat(disabled.param()).isEqualTo("disabled");
    assertThat(as(last, "PATCH", path, "{\"role\":\"read-only\"}").param()).isEqualTo("role");
    assertThat(as(last, "DELETE", path, null).error()).isEqualTo("400 invalid_value");
    assertThat(as(last, "PATCH", "/projects/default", "{\"disabled\":true}").param())
        .isEqualTo("disabled");
    assertThat(as(last, "GET", "/keys", null).status()).isEqualTo(200);
  }
}
