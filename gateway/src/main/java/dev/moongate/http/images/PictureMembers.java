package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Size;
import dev.moongate.image.Warning;
import dev.moongate.model.Alias;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.model.RequestCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members that say what pictures to make: {@code /v1} has them at the top of its body,
 * the DashScope-native face under {@code parameters}.
 */
public final class PictureMembers {
  /** Their names. */
  public static final Set<String> NAMES =
      Set.of(
          "size",
          "n",
          "watermark",
          "thinking_mode",
          "enable_sequential",
          "color_palette",
          "bbox_list",
          "seed");

  /** Members of other APIs that are passed over for a key that is lenient. */
  public static final Set<String> IGNORED_WHEN_LENIENT =
      Set.of(
          "negative_prompt",
          "image_size",
          "batch_size",
          "num_inference_steps",
          "guidance_scale",
          "prompt_enhancement");

  private final Members members;
  private final Model model;
  private final RequestCheck check;

  /**
   * @param check refuses under the same path as {@code members}
   */
  public PictureMembers(Members members, Model model, RequestCheck check) {
    this.members = members;
    this.model = model;
    this.check = check;
  }

  /** The model that a body names, by its own name or another. */
  public static Alias model(Members body, Catalogue catalogue) {
    String id = body.text("model");
    if (id == null) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          "model",
          "model is missing; GET /v1/models lists what there is");
    }
    return catalogue
        .resolve(id)
        .orElseThrow(() ->
            new GatewayException(
                ErrorCode.MODEL_NOT_FOUND,
                "model",
                "There is no model %s; GET /v1/models lists what there is"
                    .formatted(GatewayException.shown(id))));
  }

  /**
   * The whole request.
   *
   * @param warned what the caller is to be told already
   */
  public ImageRequest request(
      List<ContentPart> content,
      ResponseFormat format,
      @Nullable Duration linkLife,
      List<Warning> warned) {
    List<InputImage> images =
        content.stream()
            .flatMap(p -> p instanceof ContentPart.Image i ? Stream.of(i.image()) : Stream.of())
            .toList();
    Boolean sequential = members.flag("enable_sequential");
    boolean set = Boolean.TRUE.equals(sequential);
    boolean textToImage = images.isEmpty() && !set;

    Size size = SizeText.parse(members);
    if (size != null) {
      check.size(size, textToImage);
    }
    int n = check.n(members.number("n"), set);
    ColorPalette palette = ArrayMembers.palette(members);
    if (palette != null) {
      check.palette(palette, set);
    }
    BoundingBoxes boxes = ArrayMembers.boxes(members);
    if (boxes != null) {
      check.boxes(boxes, images);
    }
    Long seed = members.number("seed");
    Boolean thinking = members.flag("thinking_mode");
    List<Warning> warnings = new ArrayList<>(warned);
    if (thinking != null && !textToImage) {
      warnings.add(
          new Warning(
              members.path("thinking_mode"),
              "no_effect",
              "thinking_mode has no effect with input pictures or enable_sequential; it was sent all"
                  + " the same."));
    }
    return new ImageRequest(
        model.id(),
        content,
        size,
        n,
        members.flag("watermark"),
        thinking,
        sequential,
        palette,
        boxes,
        seed == null ? null : check.seed(seed),
        format,
        linkLife,
        warnings);
  }
}
