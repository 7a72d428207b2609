package dev.moongate.webhook;

import dev.moongate.provider.AddressGuard;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a webhook's URL may look like. Judges text only; which addresses its host stands for is
 * judged whenever it is connected to.
 */
public final class WebhookUrl {
  private static final int LONGEST = 2_048;
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private WebhookUrl() {}

  /**
   * Why a URL is not taken, as a clause that can follow "the webhook URL"; empty if nothing speaks
   * against it as text.
   */
  public static Optional<String> refusalOf(String url, WebhookSettings settings) {
    if (url.length() > LONGEST) {
      return Optional.of("is longer than " + LONGEST + " characters");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.of("is not a well-formed URL");
    }
    String host = uri.getHost();
    boolean loopback = host != null && LOOPBACK.matcher(host).matches();
    boolean plain = "http".equalsIgnoreCase(uri.getScheme());
    if (!"https".equalsIgnoreCase(uri.getScheme()) && !(plain && loopback)) {
      return Optional.of("must begin with https://");
    }
    if (!settings.allowPrivate()) {
      return plain
          ? Optional.of(
              "must begin with https://; http:// to loopback needs webhooks.allow-private")
          : AddressGuard.refusalOf(url);
    }
    if (host == null) {
      return Optional.of("names no host");
    }
    return uri.getRawUserInfo() != null || uri.getRawFragment() != null
        ? Optional.of("holds a user name, a password or a fragment")
        : Optional.empty();
  }
}
