package dev.moongate.provider;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way out of the house: direct, or for https through a proxy that tunnels.
 *
 * @param httpsProxy such as {@code http://proxy.example:3128}; null for none
 * @param noProxy hosts reached directly: a name, which stands for its subdomains too, or {@code *}
 */
public record Egress(@Nullable URI httpsProxy, List<String> noProxy) {
  public static final Egress DIRECT = new Egress(null, List.of());

  public Egress {
    noProxy = List.copyOf(noProxy);
  }

  /** Whether the proxy is used; never for http, whose setting is another one. */
  boolean usesProxy(String scheme, String host) {
    return httpsProxy != null
        && "https".equalsIgnoreCase(scheme)
        && noProxy.stream().noneMatch(pattern -> excludes(pattern, host.toLowerCase(Locale.ROOT)));
  }

  private static boolean excludes(String written, String host) {
    String pattern = written.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
    return pattern.equals("*") || host.equals(pattern) || host.endsWith("." + pattern);
  }
}
