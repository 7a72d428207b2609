package dev.moongate.cli;

import dev.moongate.http.HttpSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Says in words why an address and port cannot be listened on. */
final class BindTrouble {
  private BindTrouble() {}

  static CliException of(BindException e, HttpSettings http) {
    String host = http.host();
    if (!ofThisMachine(host)) {
      return new CliException(
          "%s is no address of this machine. Name one that is, 0.0.0.0 for all of them, or leave --host out."
              .formatted(host));
    }
    String message = String.valueOf(e.getMessage());
    if (!message.contains("in use")) {
      return new CliException(
          "Port %d on %s cannot be listened on: %s".formatted(http.port(), host, message));
    }
    return new CliException(
        "Port %d on %s is in use. Choose another: ./moongate serve --port %d"
            .formatted(http.port(), host, http.port() + 1));
  }

  private static boolean ofThisMachine(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      return false;
    }
  }
}
