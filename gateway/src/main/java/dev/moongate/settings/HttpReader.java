package dev.moongate.settings;

import dev.moongate.http.HttpSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads where the server listens, and what it does with requests, links and other origins. */
final class HttpReader {
  private HttpReader() {}

  static HttpSettings read(Section file, Flags flags, Environment environment, Problems problems) {
    HttpSettings usual = HttpSettings.DEFAULTS;
    Optional<URI> fromFile = file.value("public-url", Values::url);
    Optional<URI> publicUrl =
        environment
            .given(flags.publicUrl(), "--public-url", "MOONGATE_PUBLIC_URL", Values::url, problems)
            .or(() -> fromFile);
    Section limits = file.section("limits");
    long body = limits.value("body", Values::bytes).orElse(usual.bodyLimit());
    long form = limits.value("form", Values::bytes).orElse(usual.formLimit());
    long bodies = limits.value("bodies-in-memory", Values::bytes).orElse(usual.bodiesInMemory());
    limits.refuseUnknown();
    Duration answerWithin =
        file.within("answer-within", Duration.ofSeconds(1), Duration.ofSeconds(280))
            .orElse(usual.answerWithin());
    Duration heartbeat =
        file.within("stream-heartbeat", Duration.ofSeconds(1), Duration.ofSeconds(60))
            .orElse(usual.heartbeat());
    Duration linkLife =
        file.within("link-life", Duration.ofSeconds(1), Duration.ofDays(365))
            .orElse(usual.linkLife());
    int port =
        environment
            .given(flags.port(), "--port", "MOONGATE_PORT", Values::port, problems)
            .orElse(usual.port());
    String host = environment.given(flags.host(), "MOONGATE_HOST").orElse(usual.host());
    return new HttpSettings(
        host,
        port,
        publicUrl.orElse(null),
        answerWithin,
        heartbeat,
        linkLife,
        body,
        form,
        bodies,
        origins(file.section("cors")));
  }

  private static List<String> origins(Section cors) {
    List<String> origins = cors.values("origins", Values::origin);
    cors.refuseUnknown();
    return origins;
  }
}
