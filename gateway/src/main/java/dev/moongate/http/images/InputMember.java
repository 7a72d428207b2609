package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.http.body.SpooledInput;
import dev.moongate.image.ImageHeader;
import dev.moongate.image.InputImage;
import dev.moongate.model.RequestCheck;
import dev.moongate.provider.AddressGuard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one input picture of one request: bytes that came with it, a picture of the caller's own
 * that we keep, or the address of somebody else's, which is passed on unfetched.
 */
public record InputMember(ReceivedBody received, OwnPictures.Lookup own) {
  /**
   * The picture that a text stands for.
   *
   * @param path the member that holds the text
   */
  InputImage read(String path, String text, RequestCheck check) {
    Optional<SpooledInput> spooled = received.findInput(text);
    if (spooled.isPresent()) {
      return stored(path, spooled.orElseThrow(), check);
    }
    if (text.regionMatches(true, 0, "data:", 0, 5)) {
      throw refused(
          path, "is a data URL of a form that is not understood: data:image/png;base64,...");
    }
    Optional<SpooledInput> ours = own.find(path, text);
    if (ours.isPresent()) {
      return stored(path, ours.orElseThrow(), check);
    }
    if (text.regionMatches(true, 0, "oss://", 0, 6)) {
      throw new GatewayException(
          ErrorCode.URL_NOT_ALLOWED,
          path,
          "The URL of the picture begins with oss://, the provider's own store, which belongs to"
              + " another account there; give a public URL, or the picture as a data URL");
    }
    String refusal = AddressGuard.refusalOf(text).orElse(null);
    if (refusal != null) {
      throw new GatewayException(
          ErrorCode.URL_NOT_ALLOWED, path, "The URL of the picture " + refusal);
    }
    return new InputImage.Url(text);
  }

  private static InputImage stored(String path, SpooledInput spooled, RequestCheck check) {
    if (spooled.problem() != null) {
      throw refused(path, spooled.problem());
    }
    ImageHeader header = spooled.header();
    if (header == null) {
      throw refused(path, "is no PNG, JPEG, WEBP or BMP, or ends within its header");
    }
    if (!spooled.matchesMediaType()) {
      throw refused(
          path,
          "is called %s but is %s"
              .formatted(
                  GatewayException.shown(String.valueOf(spooled.mediaType())),
                  header.format().mediaType()));
    }
    if (header.alpha()) {
      throw refused(
          path, "has transparency (an alpha channel), which the model does not take; flatten it");
    }
    if (header.animated()) {
      throw refused(path, "is animated; give a still picture");
    }
    if (header.cmyk()) {
      throw refused(path, "has CMYK colours; save it as RGB");
    }
    InputImage.Stored image =
        new InputImage.Stored(
            spooled.sha256(),
            header.format().mediaType(),
            spooled.bytes(),
            header.width(),
            header.height());
    check.input(path, image);
    if (spooled.fault() != null) {
      throw refused(path, "is damaged: " + spooled.fault());
    }
    return image;
  }

  static GatewayException refused(String path, @Nullable String problem) {
    return new GatewayException(ErrorCode.INVALID_IMAGE, path, "The picture " + problem);
  }
}
