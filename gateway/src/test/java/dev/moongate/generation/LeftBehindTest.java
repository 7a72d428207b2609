package dev.moongate.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.generation.DoubtRows.OpenSubmit;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Account;
import dev.moongate.routing.AccountLane;
import dev.moongate.testing.Seam;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A credential is never held back for ever by a generation that is past its doubt. */
class LeftBehindTest {
  private static final ApiKey KEY = new ApiKey("sk-a");

  private List<OpenSubmit> open = List.of();
  private AccountLane lane;
  private LeftBehind leftBehind;

  @BeforeEach
  void holdsItsOnlyKey() {
    lane =
        new AccountLane(
            new Account(
                "beijing",
                "dashscope",
                answering(ImageProvider.class, "mode", ImageProvider.Mode.ASYNC),
                List.of(KEY),
                Account.Limits.DASHSCOPE,
                List.of(),
                false,
                Map.of(),
                Duration.ofSeconds(20)),
            List.of());
    lane.hold(KEY.reference(), "gen_1");
    DoubtRows doubts = answering(DoubtRows.class, "open", null);
    leftBehind =
        new LeftBehind(
            null, Seam.around(DoubtRows.class, doubts, "open", (_, _) -> open), null, () -> true);
  }

  /** Answers one question, and is not asked any other. */
  private static <T> T answering(Class<T> type, String method, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, called, _) -> {
              assertThat(called.getName()).isEqualTo(method);
              return answer;
            }));
  }

  @Test
  void whatIsPastItsDoubtLetsTheCredentialGo() {
    assertThat(leftBehind.tryTakeUp(lane, Set.of())).isTrue();
    assertThat(lane.holders()).isEmpty();
  }

  @Test
  void whatWasTakenUpBeforeAnybodyLookedIsLookedAtAgain() {
    assertThat(leftBehind.tryTakeUp(lane, Set.of("gen_1"))).isFalse();
    assertThat(lane.holders()).containsExactly("gen_1");
    assertThat(leftBehind.tryTakeUp(lane, Set.of())).isTrue();
    assertThat(lane.holders()).isEmpty();
  }

  @Test
  void doubtThatIsBeingLookedIntoKeepsTheCredential() {
    open = List.of(new OpenSubmit("gen_1", State.UNCERTAIN, KEY.reference()));
    assertThat(leftBehind.tryTakeUp(lane, Set.of("gen_1"))).isTrue();
    assertThat(lane.holders()).containsExactly("gen_1");
  }
}
