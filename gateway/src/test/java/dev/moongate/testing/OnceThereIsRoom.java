package dev.moongate.testing;

import dev.moongate.testing.MoongateHarness.Answer;
import java.util.function.Supplier;

/**
 * Requests of a crowd: a slow machine's database may be too busy for all of them at once, which
 * says so, and then nothing was started.
 */
public final class OnceThereIsRoom {
  private OnceThereIsRoom() {}

  /** The first answer that says something else. */
  public static Answer answer(Supplier<Answer> request) {
    Answer answer = request.get();
    while (answer.status() == 503 && answer.error().equals("503 store_unavailable")) {
      answer = request.get();
    }
    return answer;
  }
}
