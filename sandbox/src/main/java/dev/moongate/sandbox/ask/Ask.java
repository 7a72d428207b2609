package dev.moongate.sandbox.ask;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One checked request: everything a picture depends on, with every default filled in. */
public record Ask(
    String model,
    String prompt,
    int inputImages,
    int n,
    boolean sequential,
    boolean thinking,
    boolean watermark,
    @Nullable Integer seed,
    List<Shade> palette,
    int width,
    int height) {

  public Ask {
    palette = List.copyOf(palette);
  }
}
