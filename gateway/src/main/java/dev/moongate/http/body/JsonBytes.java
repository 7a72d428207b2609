package dev.moongate.http.body;

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
    if (used == last.length) {
      addPiece();
    }
    last[used++] = (byte) b;
    length++;
  }

  /**
   * All of it in one array, which stays paid for until {@link #release}. For the moment of the copy
   * the pieces are there as well.
   */
  byte[] join() {
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] piece = full.poll(); piece != null; piece = full.poll()) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    System.arraycopy(last, 0, whole, at, used);
    last = new byte[0];
    used = 0;
    budget.giveBack(charged - length);
    charged = length;
    return whole;
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
