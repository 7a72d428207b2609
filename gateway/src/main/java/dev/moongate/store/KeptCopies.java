package dev.moongate.store;

import dev.moongate.image.ImageBytes;
import dev.moongate.image.ImageHeader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Fetched pictures that are in the store although no row says so yet: the process died in between.
 * Their keys hold their hash, so that they can be told to be whole without the provider.
 */
public final class KeptCopies {
  private KeptCopies() {}

  /** A whole picture and where it is. */
  public record Copy(FetchOutcome.Fetched picture, String storageKey) {}

  /** The key of a picture: {@code images/<generation>/<index>-<sha256>.<extension>}. */
  public static String key(String generation, int index, FetchOutcome.Fetched picture) {
    return folder(generation)
        + "/%d-%s.%s".formatted(index, picture.sha256(), picture.format().extension());
  }

  /** A copy of a generation's picture; one that is not what its name says is removed. */
  public static Optional<Copy> find(ImageStore store, String generation, int index)
      throws IOException {
    for (String key : store.list(folder(generation))) {
      if (key.startsWith(folder(generation) + "/" + index + "-")) {
        Optional<FetchOutcome.Fetched> picture = read(store.find(key));
        if (picture.isPresent() && key.equals(key(generation, index, picture.orElseThrow()))) {
          return Optional.of(new Copy(picture.orElseThrow(), key));
        }
        store.delete(key);
      }
    }
    return Optional.empty();
  }

  private static Optional<FetchOutcome.Fetched> read(Optional<ImageBytes> found)
      throws IOException {
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ImageBytes bytes = found.orElseThrow();
    Optional<ImageHeader> header;
    try (InputStream in = new BufferedInputStream(bytes.open(0))) {
      header = ImageHeader.read(in);
    }
    String sha256 = sha256(bytes);
    return header.map(
        h -> new FetchOutcome.Fetched(h.format(), h.width(), h.height(), bytes.size(), sha256));
  }

  private static String sha256(ImageBytes bytes) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(bytes.open(0), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String folder(String generation) {
    return "images/" + generation;
  }
}
