package dev.moongate.http.body;

import dev.moongate.image.ImageFormat;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes the base64 of one data URL into a picture's spool as its characters come. */
final class DataUrlSpool {
  /** What browsers, languages and people call the formats beside their registered names. */
  private static final Map<String, String> PEOPLES_NAMES =
      Map.of(
          "image/jpg", ImageFormat.JPEG.mediaType(),
          "image/pjpeg", ImageFormat.JPEG.mediaType(),
          "image/x-png", ImageFormat.PNG.mediaType(),
          "image/x-bmp", ImageFormat.BMP.mediaType(),
          "image/x-ms-bmp", ImageFormat.BMP.mediaType());

  private static final int[] VALUES = values();

  private final PictureSpool picture;
  private int bits;
  private int bitCount;
  private int padding;
  private long characters;
  private @Nullable String problem;

  /** Begins; see {@link PictureSpool}. */
  DataUrlSpool(String mediaType, ImageStore store, MemoryBudget budget, DiskBudget disk) {
    this.picture =
        new PictureSpool(PEOPLES_NAMES.getOrDefault(mediaType, mediaType), store, budget, disk);
  }

  /** One character of the base64. */
  void accept(int c) throws IOException {
    if (problem != null) {
      return;
    }
    characters++;
    if (c == '=' && padding < 2) {
      padding++;
      return;
    }
    int value = c < VALUES.length ? VALUES[c] : -1;
    if (value < 0 || padding > 0) {
      problem = "is not valid base64 at character %d".formatted(characters);
      return;
    }
    bits = (bits << 6) | value;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      picture.write(bits >> bitCount);
      bits &= (1 << bitCount) - 1;
    }
  }

  SpooledInput finish() throws IOException {
    boolean whole = characters % 4 == 0 && bits == 0 && (padding == 0) == (bitCount == 0);
    if (problem == null && !whole && picture.bytes() > 0) {
      problem = "is not valid base64: it ends in the middle";
    }
    return picture.finish(problem);
  }

  /** The sink, to be closed: nothing will come of this picture. */
  ImageStore.Sink abandon() {
    return picture.abandon();
  }

  private static int[] values() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int[] values = new int[128];
    Arrays.fill(values, -1);
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = i;
    }
    return values;
  }
}
