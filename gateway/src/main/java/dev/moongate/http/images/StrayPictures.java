package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.body.ReceivedBody;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Finds pictures that were taken out of members in which no picture belongs. */
public final class StrayPictures {
  private static final Place MESSAGES =
      new Place(
          Pattern.compile("input\\.messages\\[\\d+\\]\\.content\\[\\d+\\]\\.image"),
          "an {\"image\": ...} item of input.messages[0].content");

  private final ReceivedBody received;
  private final Place place;

  private StrayPictures(ReceivedBody received, Place place) {
    this.received = received;
    this.place = place;
  }

  /**
   * Where pictures belong.
   *
   * @param paths of the strings that may be one
   * @param words the same for people
   */
  record Place(Pattern paths, String words) {}

  /** Refuses a body with a data URL anywhere but in an item of the content, naming the member. */
  public static void refuseIn(ReceivedBody received, JsonNode root) {
    refuseIn(received, root, MESSAGES);
  }

  /** Refuses a body with a data URL anywhere else, naming the member. */
  static void refuseIn(ReceivedBody received, JsonNode root, Place place) {
    if (received.hasInputs()) {
      new StrayPictures(received, place).walk(root, "");
    }
  }

  private void walk(JsonNode node, String path) {
    if (node.isString()) {
      refuse(node.stringValue(), path);
      return;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      // The name itself is a data URL: its placeholder is nothing to show.
      refuse(member.getKey(), path.isEmpty() ? "body" : path);
      walk(member.getValue(), path.isEmpty() ? member.getKey() : path + "." + member.getKey());
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), path + "[" + i + "]");
      }
    }
  }

  private void refuse(String text, String path) {
    if (!place.paths().matcher(path).matches() && received.findInput(text).isPresent()) {
      String shown = GatewayException.shown(path);
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          shown,
          "%s holds a data URL; pictures belong in %s".formatted(shown, place.words()));
    }
  }
}
