package dev.moongate.http.admin;

import dev.moongate.auth.AuditLog;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Wire;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /admin/v1/audit-log}: who changed what, newest first, in pages. */
record AuditEndpoint(AuditLog log) {
  void list(Exchange exchange) throws IOException {
    ListPage page = ListPage.of(exchange.queries(ListPage.QUERY));
    exchange.json(
        200,
        page.json(
            log.list(page.limit() + 1, page.after()), AuditLog.Entry::id, AuditEndpoint::view));
  }

  private static ObjectNode view(AuditLog.Entry entry) {
    ObjectNode json = Wire.object();
    json.put("id", entry.id());
    json.put("object", "audit.entry");
    json.put("at", entry.at().getEpochSecond());
    json.put("actor", entry.actor());
    json.put("action", entry.action());
    json.put("target", entry.target());
    json.set("detail", Wire.read(entry.detail()));
    return json;
  }
}
