package dev.moongate.model;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import dev.moongate.image.InputImage;
import dev.moongate.image.Size;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks values that are well-formed against what a model allows. Refuses by name; changes nothing.
 */
public final class RequestCheck {
  private static final int WHOLE = 10_000;

  private final Model model;
  private final String place;

  /** Of members at the top of a body. */
  public RequestCheck(Model model) {
    this(model, "");
  }

  /**
   * @param place what the paths of the members begin with, such as {@code parameters.}
   */
  public RequestCheck(Model model, String place) {
    this.model = model;
    this.place = place;
  }

  /** The prompt's length in code points; the vendor would cut it silently. */
  public void prompt(String param, String prompt) {
    int length = prompt.codePointCount(0, prompt.length());
    if (length > model.promptMax()) {
      throw new GatewayException(
          ErrorCode.PROMPT_TOO_LONG,
          param,
          "The prompt has %d characters; %s takes at most %d"
              .formatted(length, model.id(), model.promptMax()));
    }
  }

  /** How many pictures, explicit: the given number, or the model's default for the mode. */
  public int n(@Nullable Long given, boolean sequential) {
    Model.Count count = sequential ? model.nSequential() : model.n();
    if (given == null) {
      return count.standard();
    }
    if (given < 1 || given > count.max()) {
      throw invalid(
          "n",
          "n is %d; it must be from 1 to %d %s"
              .formatted(
                  given,
                  count.max(),
                  sequential
                      ? "with enable_sequential"
                      : "(up to %d with enable_sequential: true)"
                          .formatted(model.nSequential().max())));
    }
    return given.intValue();
  }

  /** A size against the scene: text-to-image, or anything else. */
  public void size(Size size, boolean textToImage) {
    Model.Sizes sizes = model.sizes(textToImage);
    String scene = textToImage ? "" : " when there are input pictures or enable_sequential is true";
    switch (size) {
      case Size.Tier tier -> {
        if (!sizes.tiers().contains(tier)) {
          throw invalid(
              "size",
              "size %s is not possible for %s%s; possible are %s"
                  .formatted(
                      tier.label(),
                      model.id(),
                      scene,
                      sizes.tiers().stream()
                          .map(Size.Tier::label)
                          .collect(Collectors.joining(", "))));
        }
      }
      case Size.Pixels pixels -> pixels(pixels, sizes, scene);
    }
  }

  private void pixels(Size.Pixels pixels, Model.Sizes sizes, String scene) {
    if (pixels.total() < sizes.minPixels()) {
      throw invalid(
          "size",
          "size %s has %d pixels; %s makes at least %d: the smallest of this shape is %s"
              .formatted(
                  pixels,
                  pixels.total(),
                  model.id(),
                  sizes.minPixels(),
                  smallest(pixels, sizes.minPixels())));
    }
    if (pixels.total() > sizes.maxPixels()) {
      throw invalid(
          "size",
          "size %s has %d pixels; %s makes at most %d%s"
              .formatted(pixels, pixels.total(), model.id(), sizes.maxPixels(), scene));
    }
    if (!ratioAllowed(pixels.width(), pixels.height(), model.maxRatio())) {
      throw invalid(
          "size",
          "size %s is longer than %d:1; the sides may be from 1:%d to %d:1"
              .formatted(pixels, model.maxRatio(), model.maxRatio(), model.maxRatio()));
    }
  }

  /** Of the same shape, or the nearest that is allowed. */
  private Size.Pixels smallest(Size.Pixels pixels, long least) {
    double width = Math.min(pixels.width(), (double) model.maxRatio() * pixels.height());
    double height = Math.min(pixels.height(), (double) model.maxRatio() * pixels.width());
    double factor = Math.sqrt(least / (width * height));
    return new Size.Pixels((int) Math.ceil(width * factor), (int) Math.ceil(height * factor));
  }

  public int seed(long seed) {
    if (seed < 0 || seed > model.seedMax()) {
      throw invalid("seed", "seed is %d; it must be from 0 to %d".formatted(seed, model.seedMax()));
    }
    return Math.toIntExact(seed);
  }

  /**
   * Number of colours, the exact sum of their shares, and that the mode allows a palette at all.
   */
  public void palette(ColorPalette palette, boolean sequential) {
    int count = palette.swatches().size();
    if (count < model.paletteMin() || count > model.paletteMax()) {
      throw invalid(
          "color_palette",
          "color_palette has %d colours; it must have from %d to %d"
              .formatted(count, model.paletteMin(), model.paletteMax()));
    }
    int sum = palette.swatches().stream().mapToInt(ColorPalette.Swatch::hundredths).sum();
    if (sum != WHOLE) {
      throw invalid(
          "color_palette",
          "the ratios of color_palette add up to %s; they must add up to exactly 100.00%%"
              .formatted(new ColorPalette.Swatch("", sum).ratio()));
    }
    if (sequential) {
      throw invalid("color_palette", "color_palette is not possible with enable_sequential: true");
    }
  }

  /** The number of input pictures. */
  public void inputs(String param, int count) {
    if (count > model.inputImages().max()) {
      throw refused(
          param,
          "there are %d pictures; %s takes at most %d"
              .formatted(count, model.id(), model.inputImages().max()));
    }
  }

  /** A picture that we hold: its sides. */
  public void input(String param, InputImage.Stored image) {
    Model.InputRules rules = model.inputImages();
    int shorter = Math.min(image.width(), image.height());
    int longer = Math.max(image.width(), image.height());
    if (shorter < rules.minSide() || longer > rules.maxSide()) {
      throw new GatewayException(
          ErrorCode.INVALID_IMAGE,
          param,
          "the picture is %dx%d; each side must be from %d to %d pixels"
              .formatted(image.width(), image.height(), rules.minSide(), rules.maxSide()));
    }
    if (!ratioAllowed(image.width(), image.height(), rules.maxRatio())) {
      throw new GatewayException(
          ErrorCode.INVALID_IMAGE,
          param,
          "the picture is %dx%d; its sides may be from 1:%d to %d:1"
              .formatted(image.width(), image.height(), rules.maxRatio(), rules.maxRatio()));
    }
  }

  /**
   * One list per picture, few boxes each, corners in order and inside the picture where its size is
   * known.
   */
  public void boxes(BoundingBoxes boxes, List<InputImage> images) {
    if (images.isEmpty()) {
      throw invalid("bbox_list", "bbox_list needs input pictures; there are none");
    }
    if (boxes.perImage().size() != images.size()) {
      throw invalid(
          "bbox_list",
          "bbox_list has %d lists for %d input pictures; it must have one per picture, [] for none"
              .formatted(boxes.perImage().size(), images.size()));
    }
    for (int i = 0; i < images.size(); i++) {
      List<BoundingBoxes.Box> ofImage = boxes.perImage().get(i);
      if (ofImage.size() > model.inputImages().boxes()) {
        throw invalid(
            "bbox_list[" + i + "]",
            "there are %d boxes; a picture may have %d"
                .formatted(ofImage.size(), model.inputImages().boxes()));
      }
      for (int j = 0; j < ofImage.size(); j++) {
        box(place + "bbox_list[%d][%d]".formatted(i, j), ofImage.get(j), images.get(i));
      }
    }
  }

  private static void box(String param, BoundingBoxes.Box box, InputImage image) {
    if (box.x1() < 0 || box.y1() < 0 || box.x1() >= box.x2() || box.y1() >= box.y2()) {
      throw refused(
          param,
          "%s is [%d,%d,%d,%d]; a box must be [x1,y1,x2,y2] with 0 <= x1 < x2 and 0 <= y1 < y2, in pixels"
              .formatted(param, box.x1(), box.y1(), box.x2(), box.y2()));
    }
    if (image instanceof InputImage.Stored stored
        && (box.x2() > stored.width() || box.y2() > stored.height())) {
      throw refused(
          param,
          "the box ends at %d,%d; the picture is %dx%d"
              .formatted(box.x2(), box.y2(), stored.width(), stored.height()));
    }
  }

  private static boolean ratioAllowed(long width, long height, int max) {
    return Math.max(width, height) <= max * Math.min(width, height);
  }

  private GatewayException invalid(String name, String message) {
    return refused(place + name, message);
  }

  private static GatewayException refused(String param, String message) {
    return new GatewayException(ErrorCode.INVALID_VALUE, param, message);
  }
}
