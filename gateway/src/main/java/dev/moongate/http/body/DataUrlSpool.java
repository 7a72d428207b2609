package dev.moongate.http.body;

import dev.moongate.image.ImageFormat;
import dev.moongate.image.ImageHeader;
import dev.moongate.store.ImageStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the base64 of one data URL into the store as its characters come, and keeps what its
 * header says.
 */
final class DataUrlSpool {
  private static final long MAX_BYTES = 20L << 20;

  /** Where the search for a header begins, and where it is given up: colour profiles are large. */
  private static final int FIRST_HEAD = 8 * 1024;

  private static final int LONGEST_HEAD = 2 * 1024 * 1024;

  /** What browsers, languages and people call the formats beside their registered names. */
  private static final Map<String, String> PEOPLES_NAMES =
      Map.of(
          "image/jpg", ImageFormat.JPEG.mediaType(),
          "image/pjpeg", ImageFormat.JPEG.mediaType(),
          "image/x-png", ImageFormat.PNG.mediaType(),
          "image/x-bmp", ImageFormat.BMP.mediaType(),
          "image/x-ms-bmp", ImageFormat.BMP.mediaType());

  private static final int[] VALUES = values();

  private final String mediaType;
  private final ImageStore.Sink sink;
  private final MessageDigest digest = sha256();
  private final MemoryBudget budget;
  private final DiskBudget disk;
  private final Wholeness wholeness;
  private final byte[] buffer = new byte[8 * 1024];
  private byte[] head = new byte[FIRST_HEAD];
  private @Nullable ImageHeader header;
  private int headLength;
  private int buffered;
  private long bytes;
  private long stored;
  private long roomFor;
  private int bits;
  private int bitCount;
  private int padding;
  private long characters;
  private @Nullable String problem;

  /**
   * Begins.
   *
   * @param budget pays for the part of the picture that is kept in memory until its header is found
   * @param disk pays for its way into the store
   */
  DataUrlSpool(String mediaType, ImageStore.Sink sink, MemoryBudget budget, DiskBudget disk) {
    this.mediaType = PEOPLES_NAMES.getOrDefault(mediaType, mediaType);
    this.wholeness = Wholeness.of(this.mediaType);
    this.budget = budget;
    this.disk = disk;
    this.sink = sink;
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
      write((byte) (bits >> bitCount));
      bits &= (1 << bitCount) - 1;
    }
  }

  SpooledInput finish() throws IOException {
    boolean whole = characters % 4 == 0 && bits == 0 && (padding == 0) == (bitCount == 0);
    if (problem == null && (!whole || bytes == 0)) {
      problem = bytes == 0 ? "is empty" : "is not valid base64: it ends in the middle";
    }
    flush();
    findHeader();
    if (problem == null && header == null && headLength == LONGEST_HEAD) {
      problem = "has more than 2 MB of metadata before its pixels; save it without them";
    }
    SpooledInput input =
        new SpooledInput(
            mediaType,
            HexFormat.of().formatHex(digest.digest()),
            bytes,
            header,
            problem,
            wholeness.fault(),
            sink);
    release();
    return input;
  }

  /** The sink, to be closed: nothing will come of this picture. */
  ImageStore.Sink abandon() {
    release();
    return sink;
  }

  private void write(byte b) throws IOException {
    if (++bytes > MAX_BYTES) {
      problem = "is larger than 20 MB";
      return;
    }
    buffer[buffered++] = b;
    if (buffered == buffer.length) {
      flush();
    }
  }

  private void flush() throws IOException {
    digest.update(buffer, 0, buffered);
    wholeness.feed(buffer, buffered);
    store();
    keepHead();
    buffered = 0;
  }

  private void store() {
    if (stored + buffered > roomFor) {
      releaseRoom();
      disk.take();
      roomFor = stored + DiskBudget.PIECE;
    }
    stored += buffered;
    try {
      sink.out().write(buffer, 0, buffered);
    } catch (IOException e) {
      throw StoreTrouble.refusal(e);
    }
  }

  /**
   * Until the header is found, its beginning is kept; looked through again each time it doubles.
   */
  private void keepHead() throws IOException {
    if (header != null) {
      return;
    }
    if (headLength + buffered > head.length && head.length < LONGEST_HEAD) {
      findHeader();
      // Only PNG and JPEG let much stand before the size; all else has shown it by now or never
      // will.
      boolean hopeless = head[0] != (byte) 0x89 && head[0] != (byte) 0xFF;
      if (header != null || hopeless) {
        return;
      }
      budget.take(head.length);
      head = Arrays.copyOf(head, head.length * 2);
    }
    int kept = Math.min(buffered, head.length - headLength);
    System.arraycopy(buffer, 0, head, headLength, kept);
    headLength += kept;
  }

  private void findHeader() throws IOException {
    if (header == null) {
      header = ImageHeader.readToPixels(new ByteArrayInputStream(head, 0, headLength)).orElse(null);
    }
  }

  private void release() {
    releaseHead();
    releaseRoom();
  }

  private void releaseRoom() {
    if (roomFor > 0) {
      roomFor = 0;
      disk.giveBack();
    }
  }

  private void releaseHead() {
    budget.giveBack(head.length - FIRST_HEAD);
    head = new byte[FIRST_HEAD];
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
