package dev.moongate.http.images;

import dev.moongate.generation.Generation;
import dev.moongate.http.Wire;
import dev.moongate.webhook.WebhookBody;
import java.time.Instant;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** The event that tells a webhook how a generation ended. */
final class WebhookEvent implements WebhookBody {
  private final GenerationView view;
  private final Supplier<String> base;

  /**
   * @param base what links begin with
   */
  WebhookEvent(GenerationView view, Supplier<String> base) {
    this.view = view;
    this.base = base;
  }

  @Override
  public String of(Generation ended) {
    Instant at = ended.settledAt();
    ObjectNode json = Wire.object();
    json.put("type", "image.generation." + ended.state().status());
    json.put("timestamp", (at == null ? ended.createdAt() : at).toString());
    json.set("data", view.object(base.get(), ended));
    return Wire.text(json);
  }
}
