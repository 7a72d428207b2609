package dev.moongate.provider;

import dev.moongate.error.GatewayException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The guard in front of every address that comes from outside: what a URL may look like, and which
 * addresses are public.
 *
 * <p>Two halves, because names can lie: {@link #refusalOf} reads a URL as text, without asking any
 * name server, for URLs that we only pass on; {@link #isPublic} judges an address that we are about
 * to connect to. Whoever opens a socket needs the second.
 */
public final class AddressGuard {
  private static final int LONGEST_URL = 8_192;
  private static final int LONGEST_HOST = 253;
  private static final Pattern SCHEME = Pattern.compile("(?i)https?://.*", Pattern.DOTALL);
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
  private static final Pattern PLAIN_QUAD =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /**
   * Names that mean a machine of the inside by definition (RFC 6761, 6762, 8375, ICANN's {@code
   * internal}), and public services whose every name resolves to an address written in it.
   */
  private static final List<String> INNER_SUFFIXES =
      List.of(
          "localhost",
          "local",
          "localdomain",
          "internal",
          "intranet",
          "lan",
          "home.arpa",
          "svc",
          "onion",
          "nip.io",
          "sslip.io",
          "xip.io",
          "localtest.me",
          "lvh.me",
          "vcap.me");

  /** Ports from 1024 on that belong to services which obey whoever reaches them. */
  private static final Set<Integer> SERVICE_PORTS =
      Set.of(
          1433, 1521, 1723, 2049, 2181, 2375, 2376, 2377, 2379, 2380, 3306, 3389, 3659, 4045, 4190,
          5060, 5061, 5432, 5672, 5900, 5984, 5985, 6000, 6379, 6443, 6566, 6665, 6666, 6667, 6668,
          6669, 6697, 7001, 8500, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 27017, 27018);

  private AddressGuard() {}

  /**
   * Why a URL given by a client is not taken, as a clause that can follow "the URL"; empty if
   * nothing speaks against it as text.
   */
  public static Optional<String> refusalOf(String url) {
    if (url.length() > LONGEST_URL) {
      return Optional.of("is longer than " + LONGEST_URL + " characters");
    }
    if (url.chars().anyMatch(AddressGuard::ambiguous)) {
      return Optional.of("holds a space, a control character or a backslash");
    }
    if (!SCHEME.matcher(url).matches()) {
      return Optional.of("does not begin with http:// or https://");
    }
    if (url.indexOf('#') >= 0) {
      return Optional.of("holds a fragment (#)");
    }
    int start = url.indexOf("//") + 2;
    int end = start;
    while (end < url.length() && "/?".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    if (end < url.length() && url.charAt(end) == '?') {
      return Optional.of("has a query directly after its host; write a / before the ?");
    }
    return refusalOfAuthority(url.substring(start, end));
  }

  /** Whether an address is one of the open internet and of nobody's inside. */
  public static boolean isPublic(InetAddress address) {
    return AddressBlocks.isPublic(address.getAddress());
  }

  // Characters that two parsers may read differently: the vendor's is not ours.
  private static boolean ambiguous(int c) {
    return c <= ' '
        || c == '\\'
        || Character.isISOControl(c)
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.FORMAT;
  }

  private static Optional<String> refusalOfAuthority(String authority) {
    if (authority.isEmpty()) {
      return Optional.of("names no host");
    }
    if (authority.indexOf('@') >= 0) {
      return Optional.of("holds a user name or password (@)");
    }
    if (authority.indexOf('%') >= 0) {
      return Optional.of("has a % in its host");
    }
    int colon = authority.lastIndexOf(':');
    boolean bracketed = authority.startsWith("[");
    String host = authority;
    if (colon > authority.lastIndexOf(']')) {
      Optional<String> refusal = refusalOfPort(authority.substring(colon + 1));
      if (refusal.isPresent()) {
        return refusal;
      }
      host = authority.substring(0, colon);
    }
    return bracketed ? refusalOfLiteral6(host) : refusalOfName(host);
  }

  private static Optional<String> refusalOfPort(String text) {
    if (!PORT.matcher(text).matches()) {
      return Optional.of("has a port that is not a number");
    }
    int port = Integer.parseInt(text);
    boolean sane =
        port < 1024 ? port == 80 || port == 443 : port <= 65_535 && !SERVICE_PORTS.contains(port);
    return sane ? Optional.empty() : Optional.of("names port " + text + ", which is not allowed");
  }

  private static Optional<String> refusalOfLiteral6(String host) {
    if (!host.endsWith("]") || host.indexOf(':') < 0) {
      return Optional.of("has a malformed address as its host");
    }
    try {
      return refusalOfAddress(InetAddress.ofLiteral(host.substring(1, host.length() - 1)));
    } catch (IllegalArgumentException malformed) {
      return Optional.of("has a malformed address as its host");
    }
  }

  private static Optional<String> refusalOfName(String written) {
    String host = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
    if (host.chars().anyMatch(c -> c > 0x7e)) {
      return Optional.of("has a host that is not ASCII; write it in its xn-- form");
    }
    String[] labels = host.split("\\.", -1);
    if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
      return refusalOfLiteral4(host);
    }
    for (String label : labels) {
      if (host.length() > LONGEST_HOST || !LABEL.matcher(label).matches()) {
        return Optional.of("has a host that is no host name");
      }
    }
    String lower = host.toLowerCase(Locale.ROOT);
    boolean inner =
        labels.length == 1
            || INNER_SUFFIXES.stream().anyMatch(s -> lower.equals(s) || lower.endsWith("." + s));
    return inner
        ? Optional.of("names the host " + GatewayException.shown(host) + ", which is not public")
        : Optional.empty();
  }

  // A host that ends in a number is an address to every browser, in one of five notations; only
  // the plain one is taken, so that nobody downstream can read another address than we did.
  private static Optional<String> refusalOfLiteral4(String host) {
    if (!PLAIN_QUAD.matcher(host).matches()) {
      return Optional.of("writes an address in a form other than four plain decimal numbers");
    }
    try {
      return refusalOfAddress(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException malformed) {
      return Optional.of("has a malformed address as its host");
    }
  }

  private static Optional<String> refusalOfAddress(InetAddress address) {
    return isPublic(address)
        ? Optional.empty()
        : Optional.of("names the address " + address.getHostAddress() + ", which is not public");
  }
}
