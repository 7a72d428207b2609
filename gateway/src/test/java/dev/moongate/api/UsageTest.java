package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.MoongateHarness.Answer;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Usage as admins see it, and the provider's file against the ledger. */
class UsageTest extends GatewayFixture {
  private static final String PRO = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final String PLAIN = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}";

  private void twoGoodOneBad() {
    assertThat(moongate.generate(PRO).status()).isEqualTo(200);
    assertThat(moongate.generate(PLAIN).status()).isEqualTo(200);
    upstream.state("FAILED");
    assertThat(moongate.generate(PRO).status()).isGreaterThanOrEqualTo(400);
    upstream.state("SUCCEEDED");
  }

  @Test
  void usageIsToldByModelWithItsFailuresAndItsCost() {
    twoGoodOneBad();
    JsonNode data = moongate.get("/admin/v1/usage?group_by=model").json().path("data");
    assertThat(data).hasSize(2);
    assertThat(data.get(0).toString())
        .startsWith(
            "{\"model\":\"wan2.7-image\",\"requests\":1,\"failures\":0,\"pictures\":1,\"pixels\":144,\"bytes\":")
        .endsWith("\"cost\":0.2,\"provider_cost\":0.2,\"suspected_cost\":0}");
    assertThat(data.get(1).path("requests").intValue()).isEqualTo(2);
    assertThat(data.get(1).path("failures").intValue()).isEqualTo(1);
    assertThat(data.get(1).path("cost").decimalValue()).isEqualByComparingTo("0.5");
  }

  @Test
  void usageIsALineForAllWithoutGroupsAndEmptyWhereNothingWas() {
    twoGoodOneBad();
    JsonNode all = moongate.get("/admin/v1/usage").json().path("data");
    assertThat(all).hasSize(1);
    assertThat(all.get(0).path("requests").intValue()).isEqualTo(3);
    assertThat(moongate.get("/admin/v1/usage?from=2020-01-01&to=2020-01-31").json().path("data"))
        .isEmpty();
  }

  @Test
  void usageComesAsCsvToo() {
    twoGoodOneBad();
    Answer csv = moongate.get("/admin/v1/usage?group_by=project,model&format=csv");
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(new String(csv.bytes(), StandardCharsets.UTF_8).lines().toList())
        .hasSize(3)
        .first()
        .isEqualTo(
            "project,model,requests,failures,pictures,pixels,bytes,cost,provider_cost,suspected_cost,currency");
  }

  @Test
  void usageStaysWhenTheGenerationIsDeleted() {
    String id = moongate.generate(PRO).json().path("id").stringValue();
    assertThat(moongate.delete("/v1/images/generations/" + id).status()).isEqualTo(200);
    JsonNode line = moongate.get("/admin/v1/usage").json().path("data").get(0);
    assertThat(line.path("pictures").intValue()).isEqualTo(1);
    assertThat(line.path("cost").decimalValue()).isEqualByComparingTo("0.5");
  }

  @ParameterizedTest
  @CsvSource({
    "from=yesterday, from",
    "from=2026-11-02&to=2026-11-01, from",
    "group_by=colour, group_by",
    "format=xml, format",
    "since=2026-11-01, since"
  })
  void wrongQueriesAreRefusedByName(String query, String param) {
    Answer answer = moongate.get("/admin/v1/usage?" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.param()).isEqualTo(param);
  }

  private Answer reconcile(String csv) {
    return moongate.send(
        HttpRequest.newBuilder(moongate.uri().resolve("/admin/v1/reconciliation?account=beijing"))
            .header("Authorization", "Bearer " + moongate.key().text())
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofString(csv)));
  }

  @Test
  void theProvidersFileIsComparedWithTheLedgerDayByDayAndByModel() {
    twoGoodOneBad();
    LocalDate today = LocalDate.ofInstant(Clock.systemUTC().instant(), ZoneId.of("Asia/Shanghai"));
    Answer good =
        reconcile(
            "Date,API key,Model,Image_Count\r\n%s,k,wan2.7-image-pro,1\r\n%s 00:00:00,k,\"wan2.7-image\",1\r\n"
                .formatted(today, today));
    assertThat(good.status()).isEqualTo(200);
    assertThat(good.json().path("equal").booleanValue()).isTrue();
    Answer bad = reconcile("date,model,image_count\n%s,wan2.7-image-pro,3\n".formatted(today));
    assertThat(bad.json().path("equal").booleanValue()).isFalse();
    assertThat(bad.json().path("data").get(0).path("verdict").stringValue())
        .isEqualTo("billed_too_little");
    assertThat(bad.json().path("data").get(1).toString())
        .isEqualTo(
            "{\"date\":\"%s\",\"model\":\"wan2.7-image-pro\",\"billed\":3,\"booked\":1,\"suspected\":0,\"difference\":2,\"verdict\":\"billed_too_much\"}"
                .formatted(today));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'date,model\n2026-11-01,m'; the head must name the column image_count",
        "'date,model,image_count\n2026-13-01,m,1'; date is 2026-13-01, not a day",
        "'date,model,image_count\n2026-11-01,m,some'; image_count is some",
        "'date,model,image_count\n2026-11-01,m'; has 2 cells",
        "''; needs a head"
      })
  void wrongFilesAreRefusedWithTheirLine(String file, String message) {
    Answer answer = reconcile(file);
    assertThat(answer.error()).isEqualTo("400 invalid_body");
    assertThat(answer.json().path("error").path("message").stringValue()).contains(message);
  }
}
