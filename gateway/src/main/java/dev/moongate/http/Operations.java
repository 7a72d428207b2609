package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Routes for those who run the gateway, and the documents that come with it. */
public final class Operations {
  private static final Pattern DOCUMENT = Pattern.compile("(?:[a-z0-9-]+/)?[A-Za-z0-9-]+\\.md");

  private final BooleanSupplier ready;

  private Operations(BooleanSupplier ready) {
    this.ready = ready;
  }

  /**
   * The routes that need no key.
   *
   * @param ready whether requests will be served
   */
  public static List<Route> of(BooleanSupplier ready) {
    Operations operations = new Operations(ready);
    return List.of(
        new Route("GET", "/healthz", Access.PUBLIC, operations::health),
        new Route("GET", "/readyz", Access.PUBLIC, operations::readiness),
        new Route(
            "GET",
            "/openapi.json",
            Access.PUBLIC,
            e -> resource(e, "/openapi.json", "application/json")),
        new Route("GET", "/openapi.yaml", Access.PUBLIC, Operations::yaml),
        new Route("GET", "/", Access.PUBLIC, e -> document(e, "README.md")),
        new Route("GET", "/docs", Access.PUBLIC, e -> document(e, "README.md")),
        new Route("GET", "/docs/**", Access.PUBLIC, e -> document(e, e.wildcard())));
  }

  /**
   * What is counted, for a scraper.
   *
   * @param text in Prometheus' text format
   */
  public static Route metrics(Supplier<String> text) {
    return new Route(
        "GET",
        "/metrics",
        Access.ADMIN_OR_LOOPBACK,
        e -> e.text(200, "text/plain; version=0.0.4; charset=utf-8", text.get()));
  }

  private void health(Exchange exchange) throws IOException {
    exchange.json(200, Wire.object().put("status", "ok"));
  }

  private void readiness(Exchange exchange) throws IOException {
    boolean yes = ready.getAsBoolean();
    exchange.json(yes ? 200 : 503, Wire.object().put("status", yes ? "ready" : "stopping"));
  }

  private static void document(Exchange exchange, String name) throws IOException {
    if (!DOCUMENT.matcher(name).matches()) {
      throw noDocument(name);
    }
    resource(exchange, "/docs/" + name, "text/markdown;charset=utf-8");
  }

  private static GatewayException noDocument(String name) {
    return new GatewayException(
        ErrorCode.NOT_FOUND,
        "There is no document " + GatewayException.shown(name) + "; /docs lists them");
  }

  /** The same document, for tools that read no JSON. */
  private static void yaml(Exchange exchange) throws IOException {
    exchange.text(200, "application/yaml", Yaml.TEXT);
  }

  /** Made when somebody asks for it first: it takes a while, and anybody may ask. */
  private static final class Yaml {
    static final String TEXT = text();

    private static String text() {
      try (InputStream in =
          Objects.requireNonNull(Operations.class.getResourceAsStream("/openapi.json"))) {
        YAMLMapper mapper = new YAMLMapper();
        return mapper.writeValueAsString(mapper.readTree(in));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void resource(Exchange exchange, String name, String mediaType)
      throws IOException {
    try (InputStream in = Operations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw noDocument(name);
      }
      exchange.text(200, mediaType, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
