package dev.moongate.sandbox.http;

import dev.moongate.sandbox.task.Journal;
import dev.moongate.sandbox.task.LiveTask;
import dev.moongate.sandbox.task.Pictures;
import dev.moongate.sandbox.task.Tasks;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** Hands out pictures by their signed links, as object storage does. */
final class PictureCall {
  private final Tasks tasks;
  private final Pictures pictures;
  private final Links links;
  private final Journal journal;
  private final Clock clock;

  PictureCall(Tasks tasks, Pictures pictures, Links links, Journal journal, Clock clock) {
    this.tasks = tasks;
    this.pictures = pictures;
    this.links = links;
    this.journal = journal;
    this.clock = clock;
  }

  void handle(Exchange exchange, String name) throws IOException {
    if (exchange.header("Authorization") != null) {
      exchange.ossError(
          400, "InvalidArgument", "Only one auth mechanism allowed: the query or the header.");
      return;
    }
    Fields query = Request.extractQueryParameters(exchange.request());
    String expires = query.getValue("Expires");
    if (expires == null || !expires.matches("[0-9]{1,12}")) {
      exchange.ossError(403, "AccessDenied", "You have no right to access this object.");
      return;
    }
    long until = Long.parseLong(expires);
    if (!links.signed(name, until, query.getValue("Signature"))) {
      exchange.ossError(
          403, "SignatureDoesNotMatch", "The request signature we calculated does not match.");
      return;
    }
    if (clock.instant().getEpochSecond() >= until) {
      exchange.ossError(403, "AccessDenied", "Request has expired.");
      return;
    }
    serve(exchange, name);
  }

  private void serve(Exchange exchange, String name) throws IOException {
    int dash = name.lastIndexOf('-');
    Optional<LiveTask> found = dash < 0 ? Optional.empty() : tasks.find(name.substring(0, dash));
    int index = dash < 0 ? 0 : Integer.parseInt(name, dash + 1, name.length() - 4, 10);
    Path file = found.map(live -> pictures.file(live.task(), index)).orElse(null);
    if (found.isEmpty() || file == null || !Files.exists(file)) {
      exchange.ossError(404, "NoSuchKey", "The specified key does not exist.");
      return;
    }
    LiveTask live = found.orElseThrow();
    String fault = live.use(KnownWord.LINK, name).map(Word::value).orElse("");
    int status = new PictureAnswer(exchange, file).send(fault);
    journal.downloaded(live.task(), index, status);
  }
}
