package dev.moongate.provider;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and port that a call goes to, as the proxy's exceptions see it: as text, since the proxy
 * is the one who resolves names.
 *
 * @param host lower case, without brackets and without a dot at its end
 * @param address if the host is written as one
 */
record Destination(String host, @Nullable InetAddress address, int port) {
  private static final Pattern WITH_PORT = Pattern.compile("(\\[.*]|[^:]*):(\\d{1,5})");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  static Destination of(String written, int port) {
    String host = plain(written);
    return new Destination(host, addressOf(host), port);
  }

  /** Whether it is this machine by name or number. */
  boolean loopback() {
    return address == null
        ? host.equals("localhost") || host.endsWith(".localhost")
        : address.isLoopbackAddress();
  }

  /** Whether an entry of {@code NO_PROXY} covers it; one that cannot be read covers nothing. */
  boolean coveredBy(String written) {
    Matcher withPort = WITH_PORT.matcher(written.strip());
    String entry = written;
    if (withPort.matches()) {
      if (Integer.parseInt(withPort.group(2)) != port) {
        return false;
      }
      entry = withPort.group(1);
    }
    entry = plain(entry);
    if (entry.equals("*")) {
      return true;
    }
    if (address != null) {
      return holds(entry, address);
    }
    String name = entry.replaceFirst("^\\*?\\.", "");
    return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
  }

  private static boolean holds(String block, InetAddress address) {
    try {
      return AddressBlock.of(block).holds(address.getAddress());
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static String plain(String written) {
    return written
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceFirst("^\\[(.*)]$", "$1")
        .replaceFirst("\\.$", "");
  }

  private static @Nullable InetAddress addressOf(String host) {
    if (host.indexOf(':') < 0 && !DIGITS_AND_DOTS.matcher(host).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
