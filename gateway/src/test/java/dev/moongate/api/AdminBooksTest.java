package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Await;
import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Projects, budgets, the audit log, accounts and all projects' generations. */
class AdminBooksTest extends GatewayFixture {
  private static final String BODY = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"n\":2}";

  private JsonNode ok(String method, String path, String body) {
    Answer answer = moongate.admin(method, path, body);
    assertThat(answer.status()).as(answer.json().toString()).isBetween(200, 201);
    return answer.json();
  }

  private String project(String name) {
    return ok("POST", "/projects", "{\"name\":\"" + name + "\"}").path("id").stringValue();
  }

  private JsonNode key(String project) {
    return ok("POST", "/keys", "{\"name\":\"k\",\"project\":\"" + project + "\"}");
  }

  private Answer generate(JsonNode key) {
    return moongate.call(key.path("key").stringValue(), "POST", "/v1/images/generations", BODY);
  }

  @Test
  void aProjectIsMadeShownChangedAndDisabledWithItsKeys() {
    JsonNode made =
        ok("POST", "/projects", "{\"name\":\"shop\",\"weight\":3,\"limits\":{\"concurrent\":2}}");
    String path = "/projects/" + made.path("id").stringValue();
    assertThat(made.path("weight").intValue()).isEqualTo(3);
    assertThat(made.path("limits").path("concurrent").longValue()).isEqualTo(2);
    assertThat(ok("GET", path, null)).isEqualTo(made);
    assertThat(ok("GET", "/projects", null).path("data")).hasSize(2);
    JsonNode changed = ok("PATCH", path, "{\"name\":\"store\",\"limits\":{\"concurrent\":null}}");
    assertThat(changed.path("name").stringValue()).isEqualTo("store");
    assertThat(changed.path("weight").intValue()).isEqualTo(3);
    assertThat(changed.path("limits").path("concurrent").isNull()).isTrue();

    JsonNode key = key(made.path("id").stringValue());
    assertThat(generate(key).status()).isEqualTo(200);
    assertThat(ok("PATCH", path, "{\"disabled\":true}").path("status").stringValue())
        .isEqualTo("disabled");
    assertThat(generate(key).error()).isEqualTo("401 invalid_api_key");
    ok("PATCH", path, "{\"disabled\":false}");
    assertThat(generate(key).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          POST  | /projects                    | {}                         | 400 missing_required_parameter
          POST  | /projects                    | {"name":"a","weight":1001} | 400 invalid_value
          POST  | /projects                    | {"name":"a","role":"x"}    | 400 unknown_parameter
          PATCH | /projects/default            | {"disabled":"yes"}         | 400 invalid_type
          PATCH | /projects/default            | {"disabled":true}          | 400 invalid_value
          PATCH | /projects/proj_9             | {}                         | 404 not_found
          GET   | /projects/proj_9             |                            | 404 not_found
          PUT   | /projects/proj_9/budgets/day | {"amount":"1"}             | 404 not_found
          GET   | /projects/proj_9/budgets     |                            | 404 not_found
          PUT   | /keys/key_9/budgets/day      | {"amount":"1"}             | 404 not_found
          PUT   | /projects/default/budgets/week  | {"amount":"1"}          | 404 not_found
          PUT   | /projects/default/budgets/day   | {}                      | 400 missing_required_parameter
          PUT   | /projects/default/budgets/day   | {"amount":20}           | 400 invalid_type
          PUT   | /projects/default/budgets/day   | {"amount":"-1"}         | 400 invalid_value
          PUT   | /projects/default/budgets/day   | {"amount":"1","x":1}    | 400 unknown_parameter
          DELETE | /projects/default/budgets/day  |                         | 404 not_found
          GET   | /audit-log?limit=0           |                            | 400 invalid_value
          GET   | /accounts?x=1                |                            | 400 unknown_parameter
          GET   | /generations?status=lost     |                            | 400 invalid_value
          GET   | /generations/gen_9           |                            | 404 not_found
          """)
  void whatIsWrongIsRefusedAndNothingChanges(
      String method, String path, String body, String error) {
    assertThat(moongate.admin(method, path, body).error()).isEqualTo(error);
    assertThat(moongate.rows("SELECT id FROM project WHERE disabled_at IS NULL")).hasSize(1);
    assertThat(moongate.rows("SELECT scope FROM budget")).isEmpty();
  }

  @Test
  void aBodyThatIsNotSaidToBeJsonIsRefused() {
    assertThat(
            moongate
                .send(
                    java.net.http.HttpRequest.newBuilder(
                            moongate.uri().resolve("/admin/v1/projects"))
                        .header("Authorization", "Bearer " + moongate.key().text())
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")))
                .error())
        .isEqualTo("415 unsupported_media_type");
  }

  @Test
  void aBudgetIsSetShownSpentAndLifted() {
    String id = project("shop");
    JsonNode key = key(id);
    String path = "/projects/" + id + "/budgets";
    JsonNode set = ok("PUT", path + "/day", "{\"amount\":\"0.80\"}");
    assertThat(set.path("amount").stringValue()).isEqualTo("0.8");
    assertThat(set.path("remaining").stringValue()).isEqualTo("0.8");
    assertThat(set.path("currency").stringValue()).isEqualTo("CNY");
    ok("PUT", path + "/total", "{\"amount\":\"100\"}");
    // One picture of the two is made, at 0.20.
    assertThat(generate(key).status()).isEqualTo(200);
    JsonNode list = ok("GET", path, null).path("data");
    assertThat(list)
        .extracting(
            b -> b.path("period").stringValue() + " " + b.path("spent").stringValue(),
            b -> b.path("remaining").stringValue(),
            b -> b.path("resets_at").isNull())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("day 0.2", "0.6", false),
            org.assertj.core.groups.Tuple.tuple("total 0.2", "99.8", true));
    ok("PUT", path + "/day", "{\"amount\":\"0.30\"}");
    assertThat(generate(key).error()).isEqualTo("402 insufficient_quota");
    ok("DELETE", path + "/day", null);
    assertThat(generate(key).status()).isEqualTo(200);
    String ofKey = "/keys/" + key.path("id").stringValue() + "/budgets/month";
    ok("PUT", ofKey, "{\"amount\":\"0\"}");
    assertThat(generate(key).error()).isEqualTo("402 insufficient_quota");
  }

  @Test
  void theAuditLogSaysWhoChangedWhatAndHoldsNoSecret() {
    String project = project("shop");
    JsonNode key =
        ok(
            "POST",
            "/keys",
            """
            {"name":"k","project":"%s","webhook_url":"https://hooks.example.com/a-token"}
            """
                .formatted(project));
    String id = key.path("id").stringValue();
    ok("PATCH", "/keys/" + id, "{\"name\":\"l\"}");
    ok("PATCH", "/keys/" + id, "{\"disabled\":true}");
    ok("PATCH", "/keys/" + id, "{\"disabled\":false,\"webhook_url\":null}");
    JsonNode rotated = ok("POST", "/keys/" + id + "/rotate", "{\"grace_seconds\":60}");
    ok("PUT", "/keys/" + id + "/budgets/day", "{\"amount\":\"5\"}");
    ok("DELETE", "/keys/" + id + "/budgets/day", null);
    ok("DELETE", "/keys/" + id, null);
    ok("PATCH", "/projects/" + project, "{\"disabled\":true}");

    List<String> actions = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    String after = "";
    boolean more = true;
    while (more) {
      Answer page = moongate.admin("GET", "/audit-log?limit=4" + after, null);
      all.append(new String(page.bytes(), StandardCharsets.UTF_8));
      page.json()
          .path("data")
          .forEach(entry -> {
            actions.add(entry.path("action").stringValue());
            boolean atStart = entry.path("actor").stringValue().equals("start");
            assertThat(entry.path("actor").stringValue())
                .isEqualTo(
                    atStart
                        ? "start"
                        : moongate
                            .rows("SELECT id FROM api_key WHERE origin = 'environment'")
                            .getFirst());
          });
      after = "&after=" + page.json().path("last_id").stringValue();
      more = page.json().path("has_more").booleanValue();
    }
    assertThat(actions)
        .containsExactlyInAnyOrder(
            "key.add",
            "project.add",
            "key.add",
            "webhook.set",
            "key.change",
            "key.disable",
            "key.enable",
            "webhook.remove",
            "key.rotate",
            "budget.set",
            "budget.remove",
            "key.delete",
            "project.disable");
    assertThat(all.toString())
        .contains("\"last_four\"", "hooks.example.com", "5 CNY")
        .doesNotContain(
            key.path("key").stringValue(),
            rotated.path("key").stringValue(),
            key.path("webhook_secret").stringValue(),
            "a-token",
            moongate.key().text());
  }

  @Test
  void accountsShowHowTheyStandAndNoKey() {
    upstream.state("RUNNING");
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until(
        "it runs",
        () -> moongate.rows("SELECT id FROM generation WHERE state = 'SUBMITTED'").size() == 1);
    Answer answer = moongate.admin("GET", "/accounts", null);
    assertThat(new String(answer.bytes(), StandardCharsets.UTF_8)).doesNotContain("sk-upstream");
    JsonNode account = answer.json().path("data").get(0);
    assertThat(account.path("name").stringValue()).isEqualTo("beijing");
    assertThat(account.path("provider").stringValue()).isEqualTo("dashscope");
    assertThat(account.path("mode").stringValue()).isEqualTo("async");
    assertThat(account.path("limits").path("running").intValue()).isEqualTo(5);
    assertThat(account.path("running").intValue()).isEqualTo(1);
    assertThat(account.path("queued").intValue()).isZero();
    assertThat(account.path("health").path("state").stringValue()).isEqualTo("open");
    assertThat(account.path("models")).hasSize(2);
  }

  @Test
  void generationsOfAllProjectsAreFoundWithTheAccountThatServedThem() {
    String project = project("shop");
    JsonNode key = key(project);
    String own = generate(key).header("x-moongate-generation");
    String other = moongate.generate(BODY).header("x-moongate-generation");
    assertThat(ids("")).containsExactly(other, own);
    assertThat(ids("?project=" + project)).containsExactly(own);
    assertThat(ids("?key=" + key.path("id").stringValue())).containsExactly(own);
    assertThat(ids("?account=beijing&status=succeeded&limit=1")).containsExactly(other);
    assertThat(ids("?account=elsewhere")).isEmpty();
    assertThat(ids("?status=queued")).isEmpty();

    JsonNode shown = ok("GET", "/generations/" + own, null);
    assertThat(shown.path("project").stringValue()).isEqualTo(project);
    assertThat(shown.path("account").stringValue()).isEqualTo("beijing");
    assertThat(shown.path("attempts")).hasSizeGreaterThanOrEqualTo(1);
    // Before it may be some that a slow machine was too late to send.
    JsonNode attempt = shown.path("attempts").get(shown.path("attempts").size() - 1);
    assertThat(attempt.path("account").stringValue()).isEqualTo("beijing");
    assertThat(attempt.path("outcome").stringValue()).isEqualTo("succeeded");
    assertThat(attempt.path("task").stringValue()).isNotEmpty();
    assertThat(attempt.path("answered_at").longValue()).isPositive();
    Answer forTheCaller =
        moongate.call(key.path("key").stringValue(), "GET", "/v1/images/generations/" + own, null);
    assertThat(new String(forTheCaller.bytes(), StandardCharsets.UTF_8)).doesNotContain("beijing");
  }

  private List<String> ids(String query) {
    List<String> ids = new ArrayList<>();
    ok("GET", "/generations" + query, null)
        .path("data")
        .forEach(one -> ids.add(one.path("id").stringValue()));
    return ids;
  }
}
