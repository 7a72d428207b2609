package dev.moongate.api.clients;

import static dev.moongate.testing.DashScopeScripts.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.images.ImageGenerateParams;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requirements 26 to 29: what a refusal looks like, and what clients make of it. */
class ErrorsTest extends ClientRequirements {
  @Test
  void requirement26_everyErrorIsTheOneEnvelope() {
    for (Answer answer :
        List.of(
            moongate.generate("{"),
            moongate.generate(body(",'n':9")),
            moongate.generate(quoted("{'model':'dall-e-3','prompt':'x'}")),
            moongate.call(null, "POST", GENERATIONS, body("")),
            moongate.get("/v1/models/none"),
            moongate.get("/nowhere"),
            moongate.delete("/v1/models"))) {
      assertThat(answer.json().propertyNames()).containsExactly("error");
      JsonNode error = answer.json().path("error");
      assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
      assertThat(error.path("message").isString()).isTrue();
      assertThat(error.path("type").isString()).isTrue();
      assertThat(error.path("param").isString() || error.path("param").isNull()).isTrue();
      assertThat(error.path("code").isString()).isTrue();
    }
  }

  @Test
  void requirement27_statusesBecomeTheExceptionsThatClientsKnow() {
    String key = moongate.key().text();
    becomes(UnauthorizedException.class, "moongate_wrong", params -> params);
    becomes(BadRequestException.class, key, params -> params.n(9));
    becomes(NotFoundException.class, key, params -> params.model("dall-e-3"));
    becomes(PermissionDeniedException.class, key(",'models':['wan2.7-image']"), params -> params);
    becomes(RateLimitException.class, key(",'limits':{'requests_per_minute':0}"), p -> p);
    becomes(UnexpectedStatusCodeException.class, key(",'budgets':{'total':'0.01'}"), p -> p);
    assertThat(moongate.generate(body(""), "Idempotency-Key", "one").status()).isEqualTo(200);
    becomes(
        UnprocessableEntityException.class,
        key,
        params -> params.prompt("other").putAdditionalHeader("Idempotency-Key", "one"));
    upstream.close();
    becomes(InternalServerException.class, key, params -> params);
  }

  private void becomes(
      Class<? extends OpenAIServiceException> exception,
      String key,
      UnaryOperator<ImageGenerateParams.Builder> change) {
    ImageGenerateParams params = change.apply(params()).build();
    assertThatThrownBy(() -> openAi().apiKey(key).build().images().generate(params))
        .isInstanceOf(exception);
  }

  @Test
  void requirement28_whatMayHaveBeenBilledSaysThatItMustNotBeSentAgain() {
    upstream.http().respond("/picture.png", StandInUpstream.html(404));
    Answer lost = moongate.generate(body(""));
    assertThat(lost.error()).isEqualTo("502 image_lost");
    assertThat(lost.header("x-should-retry")).isEqualTo("false");

    OpenAIClient retrying = openAi().maxRetries(3).build();
    assertThatThrownBy(() -> retrying.images().generate(params().build()))
        .isInstanceOf(InternalServerException.class);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void requirement28_whatWasNotBilledMayBeSentAgainAndWhatStaysSoMayNot() {
    Answer poor = generateAs(key(",'budgets':{'total':'0.01'}"), "");
    assertThat(poor.error()).isEqualTo("402 insufficient_quota");
    assertThat(poor.header("x-should-retry")).isEqualTo("false");
    upstream
        .http()
        .respond(DashScopeScripts.ASYNC, StandInUpstream.json(500, error("InternalError", "oops")));
    assertThat(moongate.generate(body("")).header("x-should-retry")).isEqualTo("true");
  }

  @Test
  void requirement29_retryAfterIsWholeSecondsAndAtMostAMinute() {
    for (String limit :
        List.of("'requests_per_minute':1", "'images_per_minute':1", "'pixels_per_day':4194304")) {
      String key = key(",'limits':{" + limit + "}");
      assertThat(generateAs(key, "").status()).isEqualTo(200);
      Answer answer = generateAs(key, "");
      assertThat(answer.error()).isEqualTo("429 rate_limit_exceeded");
      assertThat(answer.header("retry-after")).matches("[1-9][0-9]?");
      assertThat(Integer.parseInt(answer.header("retry-after"))).isLessThanOrEqualTo(60);
    }
  }
}
