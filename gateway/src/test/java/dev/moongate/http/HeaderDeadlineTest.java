package dev.moongate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Authenticator;
import dev.moongate.db.Database;
import dev.moongate.db.KeyTable;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No client keeps its connection with the beginning of a request (bad input 46). */
@Timeout(300)
class HeaderDeadlineTest {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final String GET = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String LAST =
      "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  private static final String[] PIECES = {"GE", "T /healthz HTTP/1.1\r\nHo", "st: x\r", "\n\r\n"};

  @TempDir private static Path home;
  private static final CountDownLatch RELEASED = new CountDownLatch(1);
  private static Database database;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    database = Database.open(home.resolve("moongate.db"), () -> {});
    InstantSource clock = InstantSource.system();
    List<Route> routes = new ArrayList<>(Operations.of(() -> true));
    routes.add(new Route("POST", "/slow", Access.PUBLIC, HeaderDeadlineTest::slow));
    server =
        Server.start(
            MoongateHarness.settings(),
            new Authenticator(new KeyTable(database, clock), clock),
            routes,
            new ErrorShapes(Map.of()),
            (_, _, _, _) -> {},
            WITHIN);
  }

  private static void slow(Exchange exchange) throws Exception {
    RELEASED.await();
    exchange.json(200, Wire.object().put("status", "ok"));
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
  }

  @Test
  void halfAHeaderIsAnswered408AndItsConnectionEnds() throws IOException {
    List<String> halves =
        List.of(
            "G",
            "GET /heal",
            "GET /healthz HTTP/1.1\r\n",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX: y",
            "GET /healthz HTTP/1.1\r\nHost: x\r\n\r");
    long begin = System.nanoTime();
    List<RawClient> clients = new ArrayList<>();
    for (String half : halves) {
      clients.add(send(new RawClient(server.port()).reading(), half));
    }
    for (RawClient client : clients) {
      try (client) {
        assertRefused(client.whole());
      }
    }
    assertThat(System.nanoTime() - begin).isGreaterThan(WITHIN.toNanos());
  }

  @Test
  void halfAHeaderBehindAWholeRequestIsRefusedToo() throws IOException {
    try (RawClient client = send(new RawClient(server.port()).reading(), GET + "GET /heal")) {
      String both = client.whole();
      assertThat(both).startsWith("HTTP/1.1 200 ");
      assertRefused(both.substring(both.indexOf("HTTP/1.1 408 ")));
    }
  }

  @Test
  void piecesOfAHeaderBuyNoTime() throws IOException {
    try (RawClient client = new RawClient(server.port()).reading()) {
      send(client, "GET /healthz HTTP/1.1\r\nHost: x\r\nX:").drip(1).join();
      // The reset that answers the last piece may overtake the refusal.
      assertThat(client.whole())
          .satisfiesAnyOf(
              answer -> assertThat(answer).isEmpty(), HeaderDeadlineTest::assertRefused);
    }
  }

  @Test
  void slowHeaderIsAnsweredAndItsConnectionKept() throws IOException {
    try (RawClient client = new RawClient(server.port()).reading()) {
      sendSlowly(client, PIECES);
      Await.until("the answer is here", () -> client.soFar().endsWith("}"));
      waitOutADeadline();
      waitOutADeadline();
      sendSlowly(client, PIECES);
      send(client, LAST);
      assertThat(client.whole().split("HTTP/1.1 200 ", -1)).hasSize(4);
    }
  }

  @Test
  void connectionThatSendsNothingIsKept() throws IOException {
    try (RawClient client = new RawClient(server.port()).reading()) {
      waitOutADeadline();
      waitOutADeadline();
      assertThat(send(client, LAST).whole()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void timeOfTheAnswerIsNotTheHeaders() throws IOException {
    try (RawClient client = new RawClient(server.port()).reading()) {
      sendSlowly(client, "POST /slow HT", "TP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      waitOutADeadline();
      waitOutADeadline();
      assertThat(client.soFar()).isEmpty();
      RELEASED.countDown();
      assertThat(client.whole()).startsWith("HTTP/1.1 200 ");
    }
  }

  /** Waits until a client that came later has been refused. */
  private static void waitOutADeadline() throws IOException {
    try (RawClient half = send(new RawClient(server.port()).reading(), "G")) {
      assertRefused(half.whole());
    }
  }

  private static void assertRefused(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 408 ")
        .contains("Connection: close")
        .contains("x-request-id: req_")
        .contains("x-should-retry: false")
        .contains("Content-Type: application/json")
        .endsWith(
            "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"request_timeout\"}}");
  }

  private static RawClient send(RawClient client, String text) throws IOException {
    return client.send(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void sendSlowly(RawClient client, String... pieces) throws IOException {
    for (String piece : pieces) {
      send(client, piece);
      // So that the server sees one piece after the other, as from a slow line.
      LockSupport.parkNanos(100_000_000);
    }
  }
}
