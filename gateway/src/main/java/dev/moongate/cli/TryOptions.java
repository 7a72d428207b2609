package dev.moongate.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code moongate try} asks for. What is not said is not sent. */
final class TryOptions {
  @Parameters(paramLabel = "PROMPT", description = "what the picture shows")
  private String prompt = "";

  @Option(
      names = "--model",
      defaultValue = "wan2.7-image-pro",
      description = "model (wan2.7-image-pro)")
  private String model = "wan2.7-image-pro";

  @Option(names = "--size", description = "1K, 2K, 4K or WIDTHxHEIGHT")
  private @Nullable String size;

  @Option(names = "--n", description = "how many pictures")
  private @Nullable Integer n;

  @Option(names = "--seed", description = "0 to 2147483647")
  private @Nullable Long seed;

  @Option(names = "--watermark", description = "mark the picture")
  private boolean watermark;

  @Option(names = "--sequential", description = "a coherent set of up to n pictures")
  private boolean sequential;

  @Option(names = "--no-thinking", description = "thinking_mode: false")
  private boolean noThinking;

  @Option(
      names = "--palette",
      split = ",",
      paramLabel = "#RRGGBB:SHARE",
      description = "colours with shares in percent, as in '#C2D1E6:50,#636574:30,#CBD4E4:20'")
  private @Nullable List<String> palette;

  String prompt() {
    return prompt;
  }

  ObjectNode body() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", model).put("prompt", prompt);
    if (size != null) {
      json.put("size", size);
    }
    if (n != null) {
      json.put("n", n);
    }
    if (seed != null) {
      json.put("seed", seed);
    }
    if (watermark) {
      json.put("watermark", true);
    }
    if (sequential) {
      json.put("enable_sequential", true);
    }
    if (noThinking) {
      json.put("thinking_mode", false);
    }
    if (palette != null) {
      ArrayNode swatches = json.putArray("color_palette");
      palette.forEach(swatch -> add(swatches, swatch));
    }
    return json;
  }

  private static void add(ArrayNode swatches, String swatch) {
    String[] parts = swatch.split(":", -1);
    if (parts.length != 2 || !parts[1].matches("\\d{1,3}(\\.\\d{1,2})?")) {
      throw new CliException("--palette takes #RRGGBB:SHARE, not " + swatch);
    }
    String ratio = new java.math.BigDecimal(parts[1]).setScale(2).toPlainString() + "%";
    swatches.addObject().put("hex", parts[0]).put("ratio", ratio);
  }
}
