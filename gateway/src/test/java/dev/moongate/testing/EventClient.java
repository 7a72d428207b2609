package dev.moongate.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a stream of server-sent events block by block, as they come. */
public final class EventClient implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  EventClient(HttpResponse<InputStream> response) {
    this.response = response;
    this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /**
   * What stands between two empty lines.
   *
   * @param name null for a comment
   * @param text the comment, or the data
   */
  public record Block(String name, String text) {
    public JsonNode json() {
      return MAPPER.readTree(text);
    }
  }

  public int status() {
    return response.statusCode();
  }

  public String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** Null at the end. */
  public Block next() {
    try {
      String first = lines.readLine();
      if (first == null) {
        return null;
      }
      Block block;
      if (first.startsWith(": ")) {
        block = new Block(null, first.substring(2));
      } else {
        block = new Block(value(first, "event: "), value(lines.readLine(), "data: "));
      }
      String end = lines.readLine();
      if (!"".equals(end)) {
        throw new AssertionError("a block ends with " + end);
      }
      return block;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next that is no comment; null at the end. */
  public Block nextEvent() {
    Block block = next();
    while (block != null && block.name() == null) {
      block = next();
    }
    return block;
  }

  /** The next event that tells of no progress; null at the end. */
  public Block nextNews() {
    Block block = nextEvent();
    while (block != null && block.name().matches(".*\\.(queued|running)")) {
      block = nextEvent();
    }
    return block;
  }

  private static String value(String line, String prefix) {
    if (line == null || !line.startsWith(prefix)) {
      throw new AssertionError("no " + prefix + "in " + line);
    }
    return line.substring(prefix.length());
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
