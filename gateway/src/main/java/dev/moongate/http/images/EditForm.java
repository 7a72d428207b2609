package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.body.FormRules;
import dev.moongate.http.body.ReceivedBody;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a form of {@code POST /v1/images/edits} holds: pictures as {@code image}, {@code image[]},
 * or {@code image[0]}, {@code image[1]} and so on, and texts.
 */
record EditForm() implements FormRules {
  private static final Pattern NAME = Pattern.compile("image(?:\\[(\\d{0,3})])?");

  @Override
  public String pictures() {
    return "image";
  }

  @Override
  public boolean isPicture(String name, int before) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return false;
    }
    if (before == ReceivedBody.MOST_PICTURES) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "image",
          "there are more than %d pictures in the form; no model takes that many"
              .formatted(ReceivedBody.MOST_PICTURES));
    }
    String index = matcher.group(1);
    if (index != null && !index.isEmpty() && Integer.parseInt(index) != before) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          name,
          "%s stands where image[%d] should: the model sees the pictures in the order in which they come"
              .formatted(name, before));
    }
    return true;
  }

  @Override
  public GatewayException strayFile(String name) {
    if (name.equals("mask")) {
      return EditContent.noMask();
    }
    String shown = GatewayException.shown(name);
    return new GatewayException(
        ErrorCode.UNKNOWN_PARAMETER,
        shown,
        "%s is sent as a file; the only files are the pictures, as image, or image[] if there are several"
            .formatted(shown));
  }
}
