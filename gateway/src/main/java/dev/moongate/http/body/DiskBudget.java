package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much of the disk input pictures may take, all together: never what is set aside for pictures
 * that will be paid for. Safe for many threads.
 */
public final class DiskBudget {
  /** Room is taken in pieces, because nobody knows how large a picture is before its end. */
  static final int PIECE = 1 << 20;

  private final LongSupplier room;
  private long promised;

  /**
   * Makes a budget.
   *
   * @param room bytes that are free for input pictures; asked once a piece
   */
  public DiskBudget(LongSupplier room) {
    this.room = room;
  }

  /** Takes room for another piece, or refuses: the client should come again in a while. */
  synchronized void take() {
    if (room.getAsLong() - promised < PIECE) {
      throw new GatewayException(
              ErrorCode.INSUFFICIENT_STORAGE,
              "The gateway has too little disk space left for the input pictures of this request;"
                  + " nothing was started or charged")
          .after(Duration.ofSeconds(60));
    }
    promised += PIECE;
  }

  /** A piece is on the disk, where it counts by itself, or was thrown away. */
  synchronized void giveBack() {
    promised -= PIECE;
  }
}
