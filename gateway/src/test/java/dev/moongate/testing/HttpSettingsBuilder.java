package dev.moongate.testing;

import dev.moongate.http.HttpSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What a server is told in tests: any port, patience for tests, and what a test says otherwise. */
public final class HttpSettingsBuilder {
  private URI publicUrl;
  private Duration answerWithin = Duration.ofMinutes(3);
  private Duration heartbeat = HttpSettings.DEFAULTS.heartbeat();
  private List<String> origins = List.of();

  /** Null for the request's own Host header. */
  public HttpSettingsBuilder publicUrl(URI told) {
    publicUrl = told;
    return this;
  }

  public HttpSettingsBuilder answerWithin(Duration told) {
    answerWithin = told;
    return this;
  }

  public HttpSettingsBuilder heartbeat(Duration told) {
    heartbeat = told;
    return this;
  }

  public HttpSettingsBuilder origins(String... told) {
    origins = List.of(told);
    return this;
  }

  public HttpSettings build() {
    HttpSettings usual = HttpSettings.DEFAULTS;
    return new HttpSettings(
        "127.0.0.1",
        0,
        publicUrl,
        answerWithin,
        heartbeat,
        usual.linkLife(),
        usual.bodyLimit(),
        usual.formLimit(),
        usual.bodiesInMemory(),
        origins);
  }
}
