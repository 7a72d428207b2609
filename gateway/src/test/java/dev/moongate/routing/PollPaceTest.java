package dev.moongate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.CallOutcome.Broken;
import dev.moongate.testing.Await;
import dev.moongate.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A question of many calls keeps the account's limit of polls. */
@Timeout(60)
class PollPaceTest {
  private final SettableClock clock = new SettableClock();
  private final SubmitWindow polls = new SubmitWindow(2, List.of());
  private final PollPace pace = new PollPace(polls, clock);
  private final AtomicInteger calls = new AtomicInteger();

  private Thread threeCalls() {
    return Thread.ofVirtual()
        .start(() -> {
          for (int i = 0; i < 3; i++) {
            pace.next(() -> {
              calls.incrementAndGet();
              return new Broken("none", false);
            });
          }
        });
  }

  @Test
  void callWaitsUntilTheSecondHasRoomForIt() throws InterruptedException {
    Thread asking = threeCalls();
    Await.until("two have gone out", () -> calls.get() == 2);
    Await.until("it waits", () -> asking.getState() == Thread.State.TIMED_WAITING);
    assertThat(calls).hasValue(2);
    clock.advance(Duration.ofSeconds(1));
    asking.join();
    assertThat(calls).hasValue(3);
    assertThat(polls.tryBegin(clock.instant())).as("its own place is taken").isPresent();
    assertThat(polls.tryBegin(clock.instant())).isEmpty();
  }

  @Test
  void callThatIsInterruptedWhileItWaitsIsNotMade() throws InterruptedException {
    Thread asking = threeCalls();
    Await.until("it waits", () -> calls.get() == 2);
    asking.interrupt();
    asking.join();
    assertThat(calls).hasValue(2);
  }
}
