package dev.moongate.image;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for, after every check: the whole of it, and nothing else, reaches the
 * provider. Null means the caller left the member out, and then it is left out upstream too; false
 * and 0 are values.
 *
 * @param model the public model name, resolved in the catalogue
 * @param content text and input pictures in the caller's order; exactly one text
 * @param size null for the provider's own default
 * @param n how many pictures, always explicit; in sequential mode an upper bound
 * @param boundingBoxes one list per input picture, see {@link BoundingBoxes}
 * @param linkLife how long handed-out links live; null for the server's default
 * @param warnings what the caller must be told in the answer
 */
public record ImageRequest(
    String model,
    List<ContentPart> content,
    @Nullable Size size,
    int n,
    @Nullable Boolean watermark,
    @Nullable Boolean thinkingMode,
    @Nullable Boolean enableSequential,
    @Nullable ColorPalette colorPalette,
    @Nullable BoundingBoxes boundingBoxes,
    @Nullable Integer seed,
    ResponseFormat responseFormat,
    @Nullable Duration linkLife,
    List<Warning> warnings) {

  public ImageRequest {
    content = List.copyOf(content);
    warnings = List.copyOf(warnings);
  }

  /** The one text of the content. */
  public String prompt() {
    return content.stream()
        .filter(ContentPart.Text.class::isInstance)
        .map(part -> ((ContentPart.Text) part).text())
        .findFirst()
        .orElse("");
  }

  /** The input pictures, first to last. */
  public List<InputImage> inputImages() {
    return content.stream()
        .filter(ContentPart.Image.class::isInstance)
        .map(part -> ((ContentPart.Image) part).image())
        .toList();
  }

  /** Whether sequential mode was asked for; absent is false, as the vendor documents. */
  public boolean sequential() {
    return Boolean.TRUE.equals(enableSequential);
  }
}
