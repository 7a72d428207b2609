package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moongate keys show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows all that is kept of a key: never the key itself.")
final class KeysShow extends HomeCommand {
  @Parameters(paramLabel = "ID", description = "as `keys list` shows it")
  private String id = "";

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    Keys.KeyRow row = KeysCommand.require(database.keys(), id);
    KeyTerms terms = row.terms();
    line(out, "id", row.id());
    line(out, "name", row.name());
    line(out, "key", "..." + row.lastFour());
    line(out, "project", row.project());
    line(out, "state", KeysList.state(row));
    line(out, "role", terms.role().wireName());
    Set<String> models = terms.models();
    line(out, "models", models == null ? "all" : String.join(", ", new TreeSet<>(models)));
    line(out, "weight", terms.weight());
    limits(out, terms.limits());
    line(
        out,
        "response-format",
        terms.responseFormat() == null ? "url" : terms.responseFormat().wireName());
    line(out, "answer-within", seconds(terms.answerWithin()));
    line(out, "link-life", seconds(terms.linkLife()));
    line(out, "lenient", terms.lenient() ? "yes" : "no");
    URI webhook = database.webhooks().urls().get(row.id());
    line(out, "webhook", webhook == null ? "none" : webhook.getHost());
    line(out, "created", row.createdAt());
    if (row.previousUntil() != null) {
      line(out, "key before", "until " + row.previousUntil());
    }
  }

  static void limits(PrintWriter out, CallerLimits limits) {
    line(out, "requests-per-minute", limit(limits.requestsPerMinute()));
    line(out, "images-per-minute", limit(limits.imagesPerMinute()));
    line(out, "pixels-per-day", limit(limits.pixelsPerDay()));
    line(out, "concurrent", limit(limits.concurrent()));
  }

  static void line(PrintWriter out, String name, Object value) {
    out.printf("%-20s  %s%n", name, value);
  }

  private static String limit(@Nullable Long limit) {
    return limit == null ? "none" : limit.toString();
  }

  private static String seconds(@Nullable Duration duration) {
    return duration == null ? "the gateway's own" : duration.toSeconds() + " seconds";
  }
}
