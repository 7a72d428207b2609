package dev.moongate.sandbox.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Sends one picture file, whole or in part, or fails to in the way a word asks for. */
final class PictureAnswer {
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,12})-([0-9]{1,12})?");
  private static final int SLOW_STEP = 1024;

  private final Exchange exchange;
  private final Path file;
  private final long size;

  PictureAnswer(Exchange exchange, Path file) throws IOException {
    this.exchange = exchange;
    this.file = file;
    this.size = Files.size(file);
  }

  /** Answers, and says with which status; 0 where there was none. */
  int send(String fault) throws IOException {
    switch (fault) {
      case "404" -> exchange.ossError(404, "NoSuchKey", "The specified key does not exist.");
      case "403" -> exchange.ossError(403, "AccessDenied", "Request has expired.");
      case "500" -> exchange.ossError(500, "InternalError", "We encountered an internal error.");
      case "html" -> exchange.html(200);
      case "empty" -> exchange.send(200, "image/png", new byte[0]);
      case "reset" -> exchange.reset();
      case "hang" -> {
        return 0;
      }
      case "redirect" -> redirect();
      case "truncated" -> part(size / 2);
      case "slow" -> slow();
      default -> {
        return whole(fault.equals("wrong-type") ? "text/html" : "image/png");
      }
    }
    return fault.equals("reset") ? 0 : exchange.response().getStatus();
  }

  private void redirect() {
    exchange.response().getHeaders().put(HttpHeader.LOCATION, "http://169.254.169.254/latest/");
    exchange.send(302, "text/plain", new byte[0]);
  }

  private int whole(String type) throws IOException {
    Matcher range = RANGE.matcher(orEmpty(exchange.header("Range")));
    if (range.matches()) {
      return range(type, Long.parseLong(range.group(1)), range.group(2));
    }
    head(200, type, size);
    copy(0, size);
    return 200;
  }

  private int range(String type, long first, @Nullable String lastText) throws IOException {
    long last = lastText == null ? size - 1 : Math.min(size - 1, Long.parseLong(lastText));
    if (first > last) {
      exchange.response().getHeaders().put(HttpHeader.CONTENT_RANGE, "bytes */" + size);
      exchange.ossError(416, "InvalidRange", "The requested range cannot be satisfied.");
      return 416;
    }
    exchange
        .response()
        .getHeaders()
        .put(HttpHeader.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + size);
    head(206, type, last - first + 1);
    copy(first, last - first + 1);
    return 206;
  }

  private void head(int status, String type, long length) {
    Response response = exchange.response();
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "bytes");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
  }

  private void copy(long from, long count) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = Content.Sink.asOutputStream(exchange.response())) {
      in.skipNBytes(from);
      byte[] block = new byte[64 * 1024];
      long left = count;
      while (left > 0) {
        int got = in.read(block, 0, (int) Math.min(block.length, left));
        if (got < 0) {
          throw new IOException("the picture became shorter");
        }
        out.write(block, 0, got);
        left -= got;
      }
    }
    exchange.callback().succeeded();
  }

  /** Promises the whole picture, sends a part and closes in good order. */
  private void part(long count) throws IOException {
    head(200, "image/png", size);
    try (InputStream in = Files.newInputStream(file)) {
      OutputStream out = Content.Sink.asOutputStream(exchange.response());
      out.write(in.readNBytes((int) count));
      out.flush();
    }
    exchange.close();
  }

  /** A kilobyte a second, until the client has enough. */
  private void slow() throws IOException {
    head(200, "image/png", size);
    try (InputStream in = Files.newInputStream(file)) {
      OutputStream out = Content.Sink.asOutputStream(exchange.response());
      byte[] step = in.readNBytes(SLOW_STEP);
      while (step.length > 0) {
        out.write(step);
        out.flush();
        Thread.sleep(1000);
        step = in.readNBytes(SLOW_STEP);
      }
      out.close();
      exchange.callback().succeeded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
