package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code ?dry_run=true}. Other members of the query are left alone: some clients send a
 * version there.
 */
final class DryRunQuery {
  private DryRunQuery() {}

  static boolean of(Exchange exchange) {
    Optional<String> name = exchange.queryNames().filter(DryRunQuery::meansDryRun).findFirst();
    if (name.isEmpty()) {
      return false;
    }
    String value = exchange.query(name.orElseThrow()).orElse("");
    if (!name.orElseThrow().equals("dry_run") || !(value.equals("true") || value.equals("false"))) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "dry_run",
          "the query must say dry_run=true or dry_run=false, once; nothing was started");
    }
    return value.equals("true");
  }

  /** A slip of the pen must not become a generation that is paid for. */
  private static boolean meansDryRun(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "").equals("dryrun");
  }
}
