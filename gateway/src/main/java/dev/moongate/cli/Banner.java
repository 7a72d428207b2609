package dev.moongate.cli;

import dev.moongate.provider.ImageProvider;
import dev.moongate.settings.MoongateSettings;
import org.jspecify.annotations.Nullable;

/**
 * What is printed when the gateway is ready: where it is, what is behind it, and lines that work
 * when pasted.
 */
final class Banner {
  private static final String BODY =
      """
      {
          "model": "wan2.7-image-pro",
          "response_format": "url",
          "input": { "messages": [ { "role": "user", "content": [
            { "text": "A flower shop with refined windows, a beautiful wooden door, and flowers on display" } ] } ] },
          "size": "2K", "n": 1, "watermark": false, "thinking_mode": true, "seed": 0
        }\
      """;

  private Banner() {}

  /**
   * The banner.
   *
   * @param port that is listened on
   * @param firstKey the key made just now, shown this once; null at a later start
   * @param standardHome whether the home is the one that other commands find by themselves
   */
  static String text(
      MoongateSettings settings, int port, @Nullable String firstKey, boolean standardHome) {
    String base = "http://" + address(settings.http().host()) + ":" + port;
    StringBuilder text = new StringBuilder();
    text.append("\nMoongate ").append(base).append("  ");
    text.append(settings.sandbox() ? "SANDBOX" : "DASHSCOPE").append("\n");
    if (settings.sandbox()) {
      text.append("  No provider key, so the pictures are drawn by the built-in sandbox.\n");
    }
    settings.accounts().stream()
        .filter(account -> account.mode() == ImageProvider.Mode.ASYNC && account.keys().size() == 1)
        .forEach(account ->
            text.append("  Account ")
                .append(account.name())
                .append(
                    " has one API key, and one submit is in flight per key: two keys give the"
                        + " provider's full rate.\n"));
    if (firstKey != null) {
      text.append("\nYour key, shown this once (only its hash is kept):\n\n  ");
      text.append(firstKey).append("\n");
    }
    text.append("\nMake a picture:\n\n");
    text.append("curl --fail-with-body --max-time 300 ").append(base);
    text.append("/v1/images/generations \\\n");
    text.append("  -H \"Authorization: Bearer ");
    text.append(firstKey == null ? "$MOONGATE_API_KEY" : firstKey).append("\" \\\n");
    text.append("  -H \"Content-Type: application/json\" \\\n");
    text.append("  -d '").append(BODY).append("'\n\n");
    text.append(launcher()).append(" try \"a flower shop\"");
    text.append(port == 8080 ? "" : " --port " + port);
    text.append(
        standardHome ? "" : " --home " + quoted(settings.home().toAbsolutePath().toString()));
    text.append("\n\ncurl ").append(base).append("/docs\n");
    if (firstKey == null) {
      text.append("\nNo key at hand? ").append(launcher()).append(" keys add NAME makes one");
      text.append(standardHome ? "" : " (with --home as above)");
      text.append("; ").append(launcher()).append(" keys new prints one for MOONGATE_API_KEY.\n");
    }
    return text.toString();
  }

  static String launcher() {
    return System.getProperty("moongate.launcher", "./moongate");
  }

  private static String address(String host) {
    String shown = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    return shown.contains(":") ? "[" + shown + "]" : shown;
  }

  static String quoted(String path) {
    return path.matches("[A-Za-z0-9_./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }
}
