package dev.moongate.settings;

import dev.moongate.provider.Egress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code HTTPS_PROXY} and {@code NO_PROXY}, in upper or lower case. Other programs read them
 * too: what they understand and Moongate does not is passed over in a list, but not as the proxy.
 */
final class EgressReader {
  private static final int LAST_PORT = 65_535;

  private EgressReader() {}

  /**
   * The way out.
   *
   * @param variable the value of an environment variable; empty if it is not set or blank
   */
  static Egress read(Function<String, Optional<String>> variable, Problems problems) {
    List<String> direct =
        either(variable, "NO_PROXY")
            .map(text -> Arrays.stream(text.split("[,\\s]+", -1)))
            .map(entries -> entries.filter(entry -> !entry.isEmpty()).toList())
            .orElse(List.of());
    Optional<String> written = either(variable, "HTTPS_PROXY");
    Optional<URI> proxy = written.flatMap(EgressReader::tryProxy);
    if (written.isPresent() && proxy.isEmpty()) {
      // Without the value: it may hold a password.
      problems.add(
          "HTTPS_PROXY must be an address such as http://proxy.example.com:3128 or"
              + " http://user:password@proxy.example.com:3128, where anything but letters and"
              + " digits in user and password is percent-encoded; a socks proxy cannot be used");
    }
    return new Egress(proxy.orElse(null), direct);
  }

  private static Optional<String> either(
      Function<String, Optional<String>> variable, String upperCase) {
    return variable
        .apply(upperCase)
        .or(() -> variable.apply(upperCase.toLowerCase(java.util.Locale.ROOT)));
  }

  private static Optional<URI> tryProxy(String written) {
    String text = written.strip();
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      boolean bare =
          (uri.getPath().isEmpty() || uri.getPath().equals("/"))
              && uri.getQuery() == null
              && uri.getFragment() == null;
      return web && bare && uri.getHost() != null && uri.getPort() <= LAST_PORT
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
