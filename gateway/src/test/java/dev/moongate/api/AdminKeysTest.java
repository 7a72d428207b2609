package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Keys over {@code /admin/v1/keys}. */
class AdminKeysTest extends GatewayFixture {
  private static final String ALL =
      """
      {"name":"shop","role":"member","models":["wan2.7-image"],"weight":1,
       "limits":{"requests_per_minute":60,"images_per_minute":100,"pixels_per_day":1000000000,
         "concurrent":3},
       "response_format":"b64_json","answer_within_seconds":95,"link_life_seconds":3600,
       "lenient":true,"expires_at":4102444800,"webhook_url":"https://hooks.example.com/a-token",
       "budgets":{"day":"20.00","total":"1000"}}
      """;

  private JsonNode make(String body) {
    Answer made = moongate.admin("POST", "/keys", body);
    assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
    return made.json();
  }

  private static String id(JsonNode key) {
    return key.path("id").stringValue();
  }

  private boolean works(String key) {
    return moongate.call(key, "GET", "/v1/models", null).status() == 200;
  }

  @Test
  void aKeyIsShownOnceWithItsWebhooksSecretAndHasAllThatItWasGiven() {
    Answer made = moongate.admin("POST", "/keys", ALL);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    JsonNode json = made.json();
    String key = json.path("key").stringValue();
    assertThat(Key.parse(key)).isPresent();
    assertThat(json.path("webhook_secret").stringValue()).startsWith("whsec_");
    assertThat(json.path("project").stringValue()).isEqualTo("default");
    assertThat(json.path("last_four").stringValue()).isEqualTo(key.substring(key.length() - 4));
    assertThat(json.path("limits").path("concurrent").longValue()).isEqualTo(3);
    assertThat(json.path("webhook_host").stringValue()).isEqualTo("hooks.example.com");
    assertThat(json.path("expires_at").longValue()).isEqualTo(4102444800L);
    assertThat(works(key)).isTrue();

    Answer shown = moongate.admin("GET", "/keys/" + id(json), null);
    Answer list = moongate.admin("GET", "/keys", null);
    for (Answer answer : new Answer[] {shown, list}) {
      assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
          .contains(id(json))
          .doesNotContain(key)
          .doesNotContain("whsec_")
          .doesNotContain("a-token");
    }
    assertThat(list.json().path("data")).hasSize(2);
    assertThat(moongate.admin("GET", "/keys/" + id(json) + "/budgets", null).json().path("data"))
        .extracting(budget -> budget.path("amount").stringValue())
        .containsExactly("20", "1000");
    assertThat(
            moongate
                .call(
                    key,
                    "POST",
                    "/v1/images/generations",
                    "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}")
                .error())
        .isEqualTo("403 model_not_allowed");
  }

  @Test
  void aChangeTouchesWhatItNamesAndNullLiftsWhatCanBeLifted() {
    JsonNode made = make(ALL);
    String path = "/keys/" + id(made);
    JsonNode renamed = moongate.admin("PATCH", path, "{\"name\":\"store\"}").json();
    assertThat(renamed.path("name").stringValue()).isEqualTo("store");
    assertThat(renamed.path("limits")).isEqualTo(made.path("limits"));
    assertThat(renamed.path("models")).isEqualTo(made.path("models"));
    assertThat(renamed.has("key")).isFalse();

    JsonNode lifted =
        moongate
            .admin(
                "PATCH",
                path,
                """
                {"role":null,"models":null,"limits":{"concurrent":null,"images_per_minute":7},
                 "response_format":null,"answer_within_seconds":null,"link_life_seconds":null,
                 "lenient":false,"expires_at":null,"webhook_url":null,"weight":null}
                """)
            .json();
    assertThat(lifted.path("role").stringValue()).isEqualTo("member");
    assertThat(lifted.path("models").isNull()).isTrue();
    assertThat(lifted.path("limits").path("requests_per_minute").longValue()).isEqualTo(60);
    assertThat(lifted.path("limits").path("images_per_minute").longValue()).isEqualTo(7);
    assertThat(lifted.path("limits").path("concurrent").isNull()).isTrue();
    assertThat(lifted.path("webhook_host").isNull()).isTrue();
    assertThat(lifted.path("expires_at").isNull()).isTrue();
    assertThat(lifted.path("lenient").booleanValue()).isFalse();

    JsonNode again =
        moongate
            .admin(
                "PATCH", path, "{\"webhook_url\":\"https://other.example.com/x\",\"limits\":null}")
            .json();
    assertThat(again.path("webhook_secret").stringValue()).startsWith("whsec_");
    assertThat(again.path("limits").path("images_per_minute").isNull()).isTrue();
  }

  @Test
  void aDisabledKeyWorksAgainOnceItIsEnabledAndADeletedOneNever() {
    JsonNode made = make("{\"name\":\"a\"}");
    String key = made.path("key").stringValue();
    String path = "/keys/" + id(made);
    assertThat(moongate.admin("PATCH", path, "{\"disabled\":true}").json().path("status"))
        .hasToString("\"disabled\"");
    assertThat(works(key)).isFalse();
    assertThat(moongate.admin("POST", path + "/rotate", "{\"grace_seconds\":0}").error())
        .isEqualTo("400 invalid_value");
    assertThat(moongate.admin("PATCH", path, "{\"disabled\":false}").status()).isEqualTo(200);
    assertThat(works(key)).isTrue();
    assertThat(moongate.admin("DELETE", path, null).json().path("deleted").booleanValue()).isTrue();
    assertThat(works(key)).isFalse();
    for (String method : new String[] {"GET", "DELETE"}) {
      assertThat(moongate.admin(method, path, null).error()).isEqualTo("404 not_found");
    }
    assertThat(moongate.admin("PATCH", path, "{}").error()).isEqualTo("404 not_found");
    assertThat(moongate.admin("POST", path + "/rotate", "{\"grace_seconds\":0}").error())
        .isEqualTo("404 not_found");
  }

  @Test
  void afterARotationBothKeysWorkAndAfterTheNextOnlyTheNewest() {
    JsonNode made = make("{\"name\":\"a\"}");
    String first = made.path("key").stringValue();
    String rotate = "/keys/" + id(made) + "/rotate";
    JsonNode rotated = moongate.admin("POST", rotate, "{\"grace_seconds\":600}").json();
    String second = rotated.path("key").stringValue();
    assertThat(second).isNotEqualTo(first);
    assertThat(rotated.path("previous_works_until").longValue())
        .isGreaterThan(Instant.now().getEpochSecond() + 500);
    assertThat(works(first)).isTrue();
    assertThat(works(second)).isTrue();

    JsonNode again = moongate.admin("POST", rotate, "{\"grace_seconds\":0}").json();
    assertThat(works(first)).isFalse();
    assertThat(works(second)).isFalse();
    assertThat(again.path("previous_works_until").isNull()).isTrue();
    assertThat(works(again.path("key").stringValue())).isTrue();
    assertThat(moongate.admin("POST", rotate, "{}").error())
        .isEqualTo("400 missing_required_parameter");
  }

  @Test
  void keysAreListedInPagesAndByProject() {
    String project =
        moongate.admin("POST", "/projects", "{\"name\":\"p\"}").json().path("id").stringValue();
    make("{\"name\":\"a\"}");
    String own = id(make("{\"name\":\"b\",\"project\":\"" + project + "\"}"));
    JsonNode first = moongate.admin("GET", "/keys?limit=2", null).json();
    assertThat(first.path("data")).hasSize(2);
    assertThat(first.path("has_more").booleanValue()).isTrue();
    JsonNode rest =
        moongate
            .admin("GET", "/keys?limit=2&after=" + first.path("last_id").stringValue(), null)
            .json();
    assertThat(rest.path("data")).hasSize(1);
    assertThat(rest.path("has_more").booleanValue()).isFalse();
    JsonNode ofProject = moongate.admin("GET", "/keys?project=" + project, null).json();
    assertThat(ofProject.path("first_id").stringValue()).isEqualTo(own);
    assertThat(ofProject.path("data")).hasSize(1);
    assertThat(moongate.admin("GET", "/keys?colour=red", null).error())
        .isEqualTo("400 unknown_parameter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"role":"member"}                             | 400 missing_required_parameter | name
          {"name":7}                                    | 400 invalid_type               | name
          {"name":" "}                                  | 400 invalid_value              | name
          {"name":"a","rolle":"admin"}                  | 400 unknown_parameter          | rolle
          {"name":"a","role":"owner"}                   | 400 invalid_value              | role
          {"name":"a","role":["admin"]}                 | 400 invalid_type               | role
          {"name":"a","models":"wan2.7-image"}          | 400 invalid_type               | models
          {"name":"a","models":["dall-e"]}              | 400 invalid_value              | models[0]
          {"name":"a","models":[1]}                     | 400 invalid_type               | models[0]
          {"name":"a","weight":0}                       | 400 invalid_value              | weight
          {"name":"a","weight":1.0}                     | 400 invalid_type               | weight
          {"name":"a","limits":5}                       | 400 invalid_type               | limits
          {"name":"a","limits":{"rpm":5}}               | 400 unknown_parameter          | limits.rpm
          {"name":"a","limits":{"concurrent":-1}}       | 400 invalid_value              | limits.concurrent
          {"name":"a","limits":{"concurrent":"1"}}      | 400 invalid_type               | limits.concurrent
          {"name":"a","response_format":"png"}          | 400 invalid_value              | response_format
          {"name":"a","answer_within_seconds":281}      | 400 invalid_value              | answer_within_seconds
          {"name":"a","link_life_seconds":0}            | 400 invalid_value              | link_life_seconds
          {"name":"a","lenient":"yes"}                  | 400 invalid_type               | lenient
          {"name":"a","expires_at":1}                   | 400 invalid_value              | expires_at
          {"name":"a","expires_at":"2030-01-01"}        | 400 invalid_type               | expires_at
          {"name":"a","project":"proj_9"}               | 400 invalid_value              | project
          {"name":"a","webhook_url":"http://x.com/"}    | 400 invalid_value              | webhook_url
          {"name":"a","budgets":{"week":"1"}}           | 400 unknown_parameter          | budgets.week
          {"name":"a","budgets":{"day":1}}              | 400 invalid_type               | budgets.day
          {"name":"a","budgets":{"day":"1,00"}}         | 400 invalid_value              | budgets.day
          {"name":"a","name":"b"}                       | 400 duplicate_key              | name
          []                                            | 400 invalid_body               |
          {"name":"data:image/png;base64,iVBORw0KGgo="} | 400 invalid_value              |
          """)
  void aBadBodyIsRefusedNamingTheMemberAndNoKeyIsMade(String body, String error, String param) {
    Answer refused = moongate.admin("POST", "/keys", body);
    assertThat(refused.error()).isEqualTo(error);
    if (param != null) {
      assertThat(refused.param()).isEqualTo(param);
    }
    assertThat(moongate.rows("SELECT id FROM api_key")).hasSize(1);
    assertThat(moongate.rows("SELECT scope FROM budget")).isEmpty();
  }

  @Test
  void anUnknownMemberIsAnsweredWithTheOneThatWasMeant() {
    assertThat(
            moongate
                .admin("POST", "/keys", "{\"name\":\"a\",\"modles\":[]}")
                .json()
                .path("error")
                .path("message")
                .stringValue())
        .contains("did you mean models?");
    JsonNode made = make("{\"name\":\"a\"}");
    assertThat(moongate.admin("PATCH", "/keys/" + id(made), "{\"project\":\"default\"}").error())
        .isEqualTo("400 unknown_parameter");
  }
}
