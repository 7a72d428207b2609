package dev.moongate.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A gateway of some later version: its answers are a real one's with a new member in every object.
 */
final class LaterVersion implements AutoCloseable {
  static final String ADDED = "added_later";

  private final MoongateHarness moongate;
  private final HttpServer server;

  LaterVersion(MoongateHarness moongate) throws IOException {
    this.moongate = moongate;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::relay);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void relay(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Answer answer =
        moongate.call(
            moongate.key().text(),
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            body.isEmpty() ? null : body);
    byte[] later = JsonMapper.builder().build().writeValueAsBytes(grown(answer.json()));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), later.length);
    exchange.getResponseBody().write(later);
    exchange.close();
  }

  private static JsonNode grown(JsonNode node) {
    node.forEach(LaterVersion::grown);
    if (node instanceof ObjectNode object) {
      object.putObject(ADDED).putArray("list").add(1).add("two");
    }
    return node;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
