package dev.moongate.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes request ids: {@code req_} and 96 random bits. They name a request in logs and are no
 * secret.
 */
final class RequestIds {
  private RequestIds() {}

  static String next() {
    byte[] bits = new byte[12];
    ThreadLocalRandom.current().nextBytes(bits);
    return "req_" + HexFormat.of().formatHex(bits);
  }
}
