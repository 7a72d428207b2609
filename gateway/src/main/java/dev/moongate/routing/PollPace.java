package dev.moongate.routing;

import dev.moongate.provider.CallOutcome;
import dev.moongate.provider.Pace;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets each call wait for a place among an account's polls. */
final class PollPace implements Pace {
  private static final int BETWEEN_TRIES_MILLIS = 50;

  private final SubmitWindow polls;
  private final InstantSource clock;

  PollPace(SubmitWindow polls, InstantSource clock) {
    this.polls = polls;
    this.clock = clock;
  }

  @Override
  public CallOutcome next(Supplier<CallOutcome> call) {
    SubmitWindow.Slot slot;
    try {
      slot = await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CallOutcome.Broken("interrupted", false);
    }
    try {
      return call.get();
    } finally {
      slot.answered(clock.instant());
    }
  }

  private SubmitWindow.Slot await() throws InterruptedException {
    while (true) {
      Optional<SubmitWindow.Slot> slot = polls.tryBegin(clock.instant());
      if (slot.isPresent()) {
        return slot.orElseThrow();
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
    }
  }
}
