package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The JSON of one body as it grows. Each piece is paid for before it is made, and none is made
 * larger by copying: an array that doubles holds three times what it was charged for.
 */
final class JsonBytes extends OutputStream {
  private static final int FIRST_PIECE = 256;
  private static final int LARGEST_PIECE = 256 * 1024;

  /** The longest prompt with every character escaped and nine links are less than 100 KB. */
  private static final int LONGEST = 4 << 20;

  /** The array, and the texts of its tree at two bytes a character. */
  private static final int HELD_FOR_EACH_BYTE = 3;

  private final MemoryBudget budget;
  private final Deque<byte[]> full = new ArrayDeque<>();
  private byte[] last = new byte[0];
  private int used;
  private int length;
  private long charged;

  JsonBytes(MemoryBudget budget) {
    this.budget = budget;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    if (count > LONGEST - length) {
      throw new GatewayException(
          ErrorCode.JSON_TOO_LARGE,
          "The JSON has more than 4 MB beside its pictures; give pictures as URLs, or as data URLs:"
              + " data:image/png;base64,...");
    }
    int left = count;
    while (left > 0) {
      if (used == last.length) {
        addPiece();
      }
      int part = Math.min(left, last.length - used);
      System.arraycopy(bytes, offset + count - left, last, used, part);
      used += part;
      left -= part;
    }
    length += count;
  }

  /**
   * All of it in one array. That, and the tree that will be made of it, stay paid for until {@link
   * #release}; for the moment of the copy the pieces are there as well.
   */
  byte[] join() {
    charge(charged + length);
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] piece = full.poll(); piece != null; piece = full.poll()) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    System.arraycopy(last, 0, whole, at, used);
    last = new byte[0];
    used = 0;
    charge((long) HELD_FOR_EACH_BYTE * length);
    return whole;
  }

  private void charge(long now) {
    if (now > charged) {
      budget.take(now - charged);
    } else {
      budget.giveBack(charged - now);
    }
    charged = now;
  }

  /** The bytes are of no more use to anyone. */
  void release() {
    budget.giveBack(charged);
    charged = 0;
  }

  private void addPiece() {
    int size = Math.clamp(last.length * 2L, FIRST_PIECE, LARGEST_PIECE);
    budget.take(size);
    charged += size;
    if (used > 0) {
      full.add(last);
    }
    last = new byte[size];
    used = 0;
  }
}
