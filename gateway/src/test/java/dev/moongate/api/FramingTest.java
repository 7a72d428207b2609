package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that break HTTP's rules: one answer in our envelope, and never two requests out of one
 * (rows 36 to 44).
 */
class FramingTest extends RefusalFixture {
  private static final String POST = "POST /v1/images/generations HTTP/1.1~Host: x~";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        POST
            + "Content-Length: 5~Transfer-Encoding: chunked~~0~~GET /healthz HTTP/1.1~Host: x~~ | 400",
        POST + "Content-Length: 5~Content-Length: 6~~hello | 400",
        POST + "Content-Length: +5~~hello | 400",
        POST + "Content-Length: -1~~hello | 400",
        "GET /healthz HTTP/1.1~~ | 400",
        "GET /healthz HTTP/1.1~Host: a~Host: b~~ | 400",
        "GET /healthz HTTP/1.1~Host: a~X: a~ b~~ | 400",
        "GET /healthz HTTP/1.1~Host : a~~ | 400",
        "GET /v1/%2e%2e/healthz HTTP/1.1~Host: a~Connection: close~~ | 400",
        "GET /v1/../healthz HTTP/1.1~Host: a~Connection: close~~ | 404",
        "GET //healthz HTTP/1.1~Host: a~Connection: close~~ | 404",
        "GET /healthz;x=1 HTTP/1.1~Host: a~Connection: close~~ | 404",
        "GET /healthz/ HTTP/1.1~Host: a~Connection: close~~ | 404",
        "TRACE /healthz HTTP/1.1~Host: a~Connection: close~~ | 405",
      })
  void brokenRequestsGetOneAnswerInOurEnvelope(String request, int status) throws IOException {
    String answer = send(request.replace("~", "\r\n"));
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer.lines().filter(line -> line.startsWith("HTTP/1.1 "))).hasSize(1);
    assertThat(answer.toLowerCase(java.util.Locale.ROOT))
        .contains("content-type: application/json")
        .contains("x-request-id: req_")
        .contains("x-should-retry: false")
        .contains("{\"error\":{\"message\":");
  }

  private static String send(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), moongate.port())) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
