package dev.moongate.http.body;

import dev.moongate.image.ImageHeader;
import dev.moongate.store.ImageStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of one picture into the store as they come, and keeps what its header says. What
 * cannot be used is still taken to its end, and called so in {@link SpooledInput#problem}.
 */
final class PictureSpool extends OutputStream {
  /** Where the search for a header begins, and where it is given up: colour profiles are large. */
  private static final int FIRST_HEAD = 8 * 1024;

  private static final int LONGEST_HEAD = 2 * 1024 * 1024;

  private final @Nullable String mediaType;
  private final ImageStore.Sink sink;
  private final MessageDigest digest = sha256();
  private final MemoryBudget budget;
  private final DiskBudget disk;
  private final byte[] buffer = new byte[8 * 1024];
  private @Nullable Wholeness wholeness;
  private byte[] head = new byte[FIRST_HEAD];
  private @Nullable ImageHeader header;
  private int headLength;
  private int buffered;
  private long bytes;
  private long stored;
  private long roomFor;
  private @Nullable String problem;

  /**
   * Begins.
   *
   * @param mediaType what the picture is called; null if nobody's word for it counts
   * @param budget pays for the part of the picture that is kept in memory until its header is found
   * @param disk pays for its way into the store
   */
  PictureSpool(@Nullable String mediaType, ImageStore store, MemoryBudget budget, DiskBudget disk) {
    this.mediaType = mediaType;
    this.budget = budget;
    this.disk = disk;
    try {
      this.sink = store.newSink();
    } catch (IOException e) {
      throw StoreTrouble.refusal(e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    if (room(1) == 1) {
      buffer[buffered++] = (byte) b;
    }
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      int part = room(end - at);
      if (part == 0) {
        return;
      }
      System.arraycopy(source, at, buffer, buffered, part);
      buffered += part;
      at += part;
    }
  }

  /** How many of so many bytes the buffer takes now; 0 if no more are wanted. */
  private int room(int wanted) throws IOException {
    if (problem != null) {
      return 0;
    }
    if (buffered == buffer.length) {
      takeBuffered();
    }
    int part = Math.min(wanted, buffer.length - buffered);
    bytes += part;
    if (bytes > SpooledInput.MOST_BYTES) {
      problem = SpooledInput.TOO_LARGE;
      return 0;
    }
    return part;
  }

  /**
   * All of it has come.
   *
   * @param encodingProblem what is wrong with how it came; null if nothing is
   */
  SpooledInput finish(@Nullable String encodingProblem) throws IOException {
    if (problem == null) {
      problem = encodingProblem == null && bytes == 0 ? "is empty" : encodingProblem;
    }
    takeBuffered();
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
            wholeness == null ? null : wholeness.fault(),
            sink);
    release();
    return input;
  }

  /** The sink, to be closed: nothing will come of this picture. */
  ImageStore.Sink abandon() {
    release();
    return sink;
  }

  /** How many bytes came. */
  long bytes() {
    return bytes;
  }

  private void takeBuffered() throws IOException {
    if (wholeness == null) {
      wholeness = Wholeness.of(buffer, buffered);
    }
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
