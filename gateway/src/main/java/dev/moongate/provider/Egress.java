package dev.moongate.provider;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way out of the house: direct, or for https through a proxy that tunnels.
 *
 * @param httpsProxy such as {@code http://user:password@proxy.example:3128}; null for none
 * @param noProxy what is reached directly: {@code *}, a name, which stands for its subdomains too,
 *     an address, a block of them such as {@code 10.0.0.0/8}; each also with a {@code :port}
 */
public record Egress(@Nullable URI httpsProxy, List<String> noProxy) {
  public static final Egress DIRECT = new Egress(null, List.of());

  private static final int HTTPS_PORT = 443;

  public Egress {
    noProxy = List.copyOf(noProxy);
  }

  /**
   * Whether the proxy is used; never for http, whose setting is another one, and never for this
   * machine, which a proxy would look for at its own place.
   *
   * @param port -1 if the scheme's own is meant
   */
  boolean usesProxy(String scheme, String host, int port) {
    if (httpsProxy == null || !"https".equalsIgnoreCase(scheme)) {
      return false;
    }
    Destination destination = Destination.of(host, port < 0 ? HTTPS_PORT : port);
    return !destination.loopback() && noProxy.stream().noneMatch(destination::coveredBy);
  }

  /** Without the proxy's credentials. */
  @Override
  public String toString() {
    return httpsProxy == null
        ? "direct"
        : "through " + httpsProxy.getHost() + ":" + httpsProxy.getPort() + " but for " + noProxy;
  }
}
