package dev.moongate.cli;

import dev.moongate.Gateway;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Role;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A key's terms as options; what is not given stays as it was. */
final class TermOptions {
  private static final long MOST_DAYS = 36_500;

  @Option(names = "--role", paramLabel = "ROLE", description = "admin, member or read-only")
  private @Nullable String role;

  @Option(
      names = "--models",
      paramLabel = "NAMES",
      description = "models it may use, separated by commas; none for no such limit")
  private @Nullable String models;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private LimitOptions limits;

  @Option(
      names = "--response-format",
      paramLabel = "FORMAT",
      description = "url or b64_json where a request names none")
  private @Nullable String responseFormat;

  @Option(
      names = "--link-life",
      paramLabel = "SECONDS",
      description = "its links live no longer; none for the gateway's own")
  private @Nullable String linkLife;

  @Option(
      names = "--answer-within",
      paramLabel = "SECONDS",
      description = "its requests wait no longer; behind a CDN that cuts at 100 s, say 95")
  private @Nullable String answerWithin;

  @Option(
      names = "--lenient",
      negatable = true,
      description = "ignore more members of other APIs, with a warning")
  private @Nullable Boolean lenient;

  @Option(
      names = "--expires",
      paramLabel = "DAYS",
      description = "stops working after this many days from now; none for never")
  private @Nullable String expires;

  KeyTerms terms(KeyTerms before) {
    return new KeyTerms(
        role(before.role()),
        models(before.models()),
        limits.limits(before.limits()),
        limits.weight(before.weight()),
        responseFormat(before.responseFormat()),
        seconds("--answer-within", answerWithin, before.answerWithin(), KeyTerms.LONGEST_ANSWER),
        seconds("--link-life", linkLife, before.linkLife(), KeyTerms.LONGEST_LINK),
        lenient == null ? before.lenient() : lenient);
  }

  @Nullable Instant expiresAt(@Nullable Instant before, Instant now) {
    if (expires == null) {
      return before;
    }
    Long days = Given.number("--expires", expires, null, 1, MOST_DAYS);
    return days == null ? null : now.plus(Duration.ofDays(days));
  }

  private Role role(Role before) {
    return role == null
        ? before
        : Role.find(role)
            .orElseThrow(() -> new CliException("--role takes admin, member or read-only"));
  }

  private @Nullable Set<String> models(@Nullable Set<String> before) {
    if (models == null || Given.none(models)) {
      return models == null ? before : null;
    }
    Set<String> given =
        Arrays.stream(models.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    Catalogue catalogue = Gateway.catalogue();
    for (String model : given) {
      if (catalogue.find(model).isEmpty()) {
        throw new CliException(
            "There is no model %s; there is: %s"
                .formatted(
                    model, String.join(", ", catalogue.list().stream().map(Model::id).toList())));
      }
    }
    return given;
  }

  private @Nullable ResponseFormat responseFormat(@Nullable ResponseFormat before) {
    if (responseFormat == null || Given.none(responseFormat)) {
      return responseFormat == null ? before : null;
    }
    return Arrays.stream(ResponseFormat.values())
        .filter(format -> format.wireName().equals(responseFormat))
        .findFirst()
        .orElseThrow(() -> new CliException("--response-format takes url, b64_json or none"));
  }

  private static @Nullable Duration seconds(
      String option, @Nullable String text, @Nullable Duration before, Duration longest) {
    Long seconds =
        Given.number(
            option, text, before == null ? null : before.toSeconds(), 1, longest.toSeconds());
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }
}
