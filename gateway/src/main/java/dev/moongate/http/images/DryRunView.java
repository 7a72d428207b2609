package dev.moongate.http.images;

import dev.moongate.error.GatewayException;
import dev.moongate.generation.DryRun;
import dev.moongate.http.ErrorWriter;
import dev.moongate.http.Wire;
import dev.moongate.model.Money;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A dry run as it stands on the wire. */
final class DryRunView {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DryRunView() {}

  /**
   * The answer.
   *
   * @param admin whether it may say which provider account would serve, and where that is
   */
  static ObjectNode of(DryRun dryRun, boolean admin) {
    ObjectNode json = Wire.object().put("object", "image.dry_run");
    json.put("would_be_admitted", dryRun.refusal() == null);
    GatewayException refusal = dryRun.refusal();
    if (refusal != null) {
      ObjectNode error = (ObjectNode) ErrorWriter.envelope(refusal).required("error");
      json.set("refusal", error.put("status", refusal.code().status()));
    }
    json.set("unit_price", money(dryRun.unitPrice()));
    json.set("hold", money(dryRun.hold()));
    json.put("queue_wait_seconds", dryRun.queueWait().toSeconds());
    ObjectNode upstream = json.putObject("upstream");
    if (admin) {
      String[] address = dryRun.address().split(" ", 2);
      upstream.put("account", dryRun.account()).put("method", address[0]).put("url", address[1]);
    }
    upstream.set("body", JSON.readTree(dryRun.body()));
    return json;
  }

  private static ObjectNode money(Money money) {
    return Wire.object().put("amount", money.decimal()).put("currency", money.currency());
  }
}
