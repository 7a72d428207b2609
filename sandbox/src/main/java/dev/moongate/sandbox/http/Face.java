package dev.moongate.sandbox.http;

import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.sandbox.ask.VendorError;
import dev.moongate.sandbox.task.Journal;
import dev.moongate.sandbox.task.LiveTask;
import dev.moongate.sandbox.task.Pictures;
import dev.moongate.sandbox.task.RateWindow;
import dev.moongate.sandbox.task.Tasks;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a call: from its method and path to the class that answers it. */
public final class Face extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Face.class);
  private static final String SERVICES = "/api/v1/services/aigc/";
  private static final Pattern TASK = Pattern.compile("/api/v1/tasks/([^/]+)");
  private static final Pattern CANCEL = Pattern.compile("/api/v1/tasks/([^/]+)/cancel");
  private static final Pattern PICTURE =
      Pattern.compile(Pattern.quote(Links.PATH) + "([0-9a-f-]{36}-[0-9]{1,2}\\.png)");

  private final SubmitCall submits;
  private final TaskCalls taskCalls;
  private final ListCall list;
  private final PictureCall pictureCall;
  private final Links links;

  public Face(
      SandboxSettings settings, Tasks tasks, Journal journal, Pictures pictures, Links links) {
    WordUses uses = new WordUses();
    RateWindow polls = new RateWindow(settings.limits().pollsPerSecond(), settings.clock());
    RateWindow rate = new RateWindow(settings.limits().submitsPerSecond(), settings.clock());
    this.submits = new SubmitCall(tasks, journal, rate, new Refusals(uses), new Spoiler(uses));
    this.taskCalls = new TaskCalls(tasks, journal, polls);
    this.list = new ListCall(tasks, polls, settings.clock());
    this.pictureCall = new PictureCall(tasks, pictures, links, journal, settings.clock());
    this.links = links;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback);
    try {
      route(exchange, request.getMethod(), request.getHttpURI().getPath());
    } catch (VendorError e) {
      exchange.error(e.status(), e.code(), e.text());
    } catch (IOException e) {
      LOG.debug("sandbox: the client left", e);
      callback.failed(e);
    } catch (RuntimeException e) {
      LOG.error("sandbox: a call failed", e);
      callback.failed(e);
    }
    return true;
  }

  private void route(Exchange exchange, String method, String path) throws IOException {
    if (method.equals("POST") && path.startsWith(SERVICES)) {
      service(exchange, path.substring(SERVICES.length()));
      return;
    }
    Matcher picture = PICTURE.matcher(path);
    if (method.equals("GET") && picture.matches()) {
      pictureCall.handle(exchange, picture.group(1));
      return;
    }
    Matcher task = TASK.matcher(path);
    Matcher cancel = CANCEL.matcher(path);
    if (method.equals("GET") && (path.equals("/api/v1/tasks/") || path.equals("/api/v1/tasks"))) {
      list.handle(exchange);
    } else if (method.equals("GET") && task.matches()) {
      taskCalls.poll(exchange, task.group(1), linker(exchange));
    } else if (method.equals("POST") && cancel.matches()) {
      taskCalls.cancel(exchange, cancel.group(1));
    } else {
      exchange.error(404, "NotFound", "The requested resource was not found.");
    }
  }

  private void service(Exchange exchange, String service) throws IOException {
    switch (service) {
      case "multimodal-generation/generation" -> submits.handle(exchange, false, linker(exchange));
      case "image-generation/generation" -> submits.handle(exchange, true, linker(exchange));
      // The models of these paths are older: the vendor says so in these words.
      case "text2image/image-synthesis", "image2image/image-synthesis" ->
          exchange.error(400, "InvalidParameter", "url error, check url!");
      default -> exchange.error(404, "NotFound", "The requested resource was not found.");
    }
  }

  private Linker linker(Exchange exchange) {
    String origin =
        exchange.request().getHttpURI().getScheme()
            + "://"
            + exchange.request().getHttpURI().getAuthority();
    return (LiveTask live, int index) ->
        live.words()
            .find(KnownWord.LINK_TO)
            .map(Word::value)
            .orElseGet(() -> links.link(origin, live.task(), index));
  }
}
