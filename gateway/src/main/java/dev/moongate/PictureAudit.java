package dev.moongate;

import dev.moongate.db.Audit.Violation;
import dev.moongate.db.AuditedPictures;
import dev.moongate.db.AuditedPictures.Picture;
import dev.moongate.image.ImageBytes;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares each stored picture's file with its row. */
final class PictureAudit {
  private static final String INVARIANT = "every stored picture is in the store, byte for byte";
  private static final int PAGE = 500;
  private static final int BUFFER = 1 << 16;

  private final AuditedPictures pictures;
  private final ImageStore store;
  private final boolean quick;
  private final List<Violation> violations = new ArrayList<>();
  private long checked;

  /**
   * @param quick whether the length of a file is enough
   */
  PictureAudit(AuditedPictures pictures, ImageStore store, boolean quick) {
    this.pictures = pictures;
    this.store = store;
    this.quick = quick;
  }

  void run() {
    Picture last = null;
    for (List<Picture> page = pictures.after(last, PAGE);
        !page.isEmpty();
        page = pictures.after(last, PAGE)) {
      page.forEach(this::check);
      checked += page.size();
      last = page.getLast();
    }
  }

  /** How many pictures were looked at. */
  long checked() {
    return checked;
  }

  List<Violation> violations() {
    return violations;
  }

  private void check(Picture picture) {
    String fault = fault(picture);
    // The row is removed before its file: only what the row still says is missed.
    if (fault != null && pictures.stillStored(picture)) {
      violations.add(
          new Violation(
              INVARIANT,
              "%s picture %d: %s %s"
                  .formatted(picture.generation(), picture.index(), picture.storageKey(), fault)));
    }
  }

  private @Nullable String fault(Picture picture) {
    Optional<ImageBytes> found = store.find(picture.storageKey());
    if (found.isEmpty()) {
      return "is not there";
    }
    ImageBytes bytes = found.orElseThrow();
    if (bytes.size() != picture.bytes()) {
      return "has %d bytes, should have %d".formatted(bytes.size(), picture.bytes());
    }
    try {
      String sha256 = quick ? picture.sha256() : sha256(bytes);
      return sha256.equals(picture.sha256())
          ? null
          : "has the SHA-256 %s, should have %s".formatted(sha256, picture.sha256());
    } catch (IOException e) {
      return "cannot be read: " + e.getMessage();
    }
  }

  private static String sha256(ImageBytes bytes) throws IOException {
    try (InputStream in = bytes.open(0)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
