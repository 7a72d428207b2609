package dev.moongate.generation;

import dev.moongate.generation.DoubtRows.OpenSubmit;
import dev.moongate.routing.AccountLane;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * What a thread leaves behind when it breaks off: a submit that nobody drives any more comes into
 * doubt, and a credential that is held back for nothing is let go. The rows say which.
 */
final class LeftBehind {
  private static final String REASON = "what became of it could not be written down";

  private final GenerationRows rows;
  private final DoubtRows doubts;
  private final Endings endings;
  private final BooleanSupplier mayWrite;

  LeftBehind(GenerationRows rows, DoubtRows doubts, Endings endings, BooleanSupplier mayWrite) {
    this.rows = rows;
    this.doubts = doubts;
    this.endings = endings;
    this.mayWrite = mayWrite;
  }

  /**
   * Called by the account's one driver, so that nothing of the account comes into hand meanwhile.
   *
   * @param inHand the generations that threads worked on before this call
   * @return false if a credential is held back for one that is in hand, and has to be looked at
   *     again after that: what broke off may have been taken up before anybody looked
   */
  boolean tryTakeUp(AccountLane lane, Set<String> inHand) {
    if (!mayWrite.getAsBoolean()) {
      // What is being submitted may be another process's by now.
      return true;
    }
    boolean all = true;
    List<OpenSubmit> open = doubts.open(lane.account().name());
    for (OpenSubmit submit : open) {
      if (submit.state() == State.DISPATCHING && !inHand.contains(submit.generation())) {
        rows.find(submit.generation())
            .filter(row -> row.state() == State.DISPATCHING)
            .ifPresent(row -> endings.doubt(row, REASON, lane));
      }
    }
    Set<String> stillOpen = open.stream().map(OpenSubmit::generation).collect(Collectors.toSet());
    for (String holder : lane.holders()) {
      if (stillOpen.contains(holder)) {
        continue;
      }
      if (inHand.contains(holder)) {
        all = false;
      } else {
        lane.release(holder);
      }
    }
    return all;
  }
}
