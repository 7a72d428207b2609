package dev.moongate.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookUrlTest {
  private static final WebhookSettings STRICT = new WebhookSettings(false);
  private static final WebhookSettings LENIENT = new WebhookSettings(true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com/moongate", "https://hooks.example.com",
        "https://hooks.example.com:8443/a?token=b", "HTTPS://8.8.8.8/"
      })
  void httpsToAPublicHostIsTaken(String url) {
    assertThat(WebhookUrl.refusalOf(url, STRICT)).isEmpty();
    assertThat(WebhookUrl.refusalOf(url, LENIENT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://hooks.example.com/a, must begin with https://",
    "hooks.example.com, must begin with https://",
    "ftp://hooks.example.com/a, must begin with https://",
    "http://127.0.0.1:9/a, needs webhooks.allow-private",
    "https://127.0.0.1/a, which is not public",
    "https://10.0.0.1/a, which is not public",
    "https://169.254.169.254/latest, which is not public",
    "https://[::1]/a, which is not public",
    "https://[fe80::1]/a, which is not public",
    "https://localhost/a, which is not public",
    "https://receiver/a, which is not public",
    "https://0x7f.1/a, four plain decimal numbers",
    "https://u:p@hooks.example.com/a, user name or password",
    "https://hooks.example.com/a#b, fragment",
    "https://hooks.example.com:22/a, port 22",
    "https:///a, names no host",
    "https://hooks example.com/a, not a well-formed URL",
    "'', must begin with https://"
  })
  void everythingElseIsRefusedNamingTheRule(String url, String rule) {
    assertThat(WebhookUrl.refusalOf(url, STRICT)).get().asString().contains(rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9000/a",
        "http://127.0.0.1:9000/a",
        "http://[::1]:9000/a",
        "https://10.0.0.1:80/a",
        "https://receiver/a"
      })
  void forDevelopmentPrivateHostsAreTakenAndLoopbackOverHttp(String url) {
    assertThat(WebhookUrl.refusalOf(url, LENIENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/a",
        "http://hooks.example.com/a",
        "http://localhost.example.com/a",
        "https://u@localhost/a",
        "https://localhost/a#b",
        "http:///a",
        "https:///a"
      })
  void forDevelopmentTheRestIsRefusedAllTheSame(String url) {
    assertThat(WebhookUrl.refusalOf(url, LENIENT)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEndlessUrlIsRefused(boolean allowPrivate) {
    String url = "https://hooks.example.com/" + "a".repeat(2_048);
    assertThat(WebhookUrl.refusalOf(url, new WebhookSettings(allowPrivate))).isPresent();
  }
}
