package dev.moongate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.auth.Caller;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.policy.RateLimiter.Standing;
import dev.moongate.policy.RateLimiter.Unit;
import dev.moongate.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final SettableClock clock = new SettableClock();
  private final RateLimiter rates = new RateLimiter(clock);

  private static Caller caller(String key, CallerLimits own, CallerLimits ofProject) {
    KeyTerms terms = new KeyTerms(Role.MEMBER, null, own, 1, null, null, null, false);
    return new Caller("default", "default", key, terms, ofProject);
  }

  private static CallerLimits limits(Long requests, Long images) {
    return new CallerLimits(requests, images, null, null);
  }

  private ErrorCode refusal(Caller caller, int images) {
    GatewayException e =
        catchThrowableOfType(GatewayException.class, () -> rates.take(caller, images));
    return e == null ? null : e.code();
  }

  @Test
  void requestsComeBackOverTheMinute() {
    Caller caller = caller("key_1", limits(6L, null), CallerLimits.NONE);
    for (int i = 0; i < 6; i++) {
      assertThat(refusal(caller, 4)).isNull();
    }
    GatewayException refused =
        catchThrowableOfType(GatewayException.class, () -> rates.take(caller, 4));
    assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(10));
    assertThat(refusal(caller, 4)).isNull();
  }

  @Test
  void whatOneLimitRefusesIsTakenFromNoOther() {
    Caller caller = caller("key_1", limits(5L, null), limits(null, 4L));
    assertThat(refusal(caller, 4)).isNull();
    assertThat(refusal(caller, 1)).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(rates.standing(caller))
        .containsExactly(
            new Standing(Unit.REQUESTS, 5, 4, Duration.ofSeconds(12)),
            new Standing(Unit.IMAGES, 4, 0, Duration.ofSeconds(60)));
  }

  @Test
  void keysOfAProjectShareItsLimit() {
    CallerLimits project = limits(2L, null);
    assertThat(refusal(caller("key_1", CallerLimits.NONE, project), 1)).isNull();
    assertThat(refusal(caller("key_2", CallerLimits.NONE, project), 1)).isNull();
    assertThat(refusal(caller("key_3", CallerLimits.NONE, project), 1))
        .isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
  }

  @Test
  void whatCanNeverBeIsABadValueAndALimitOfZeroRefusesAll() {
    assertThat(refusal(caller("key_1", limits(null, 2L), CallerLimits.NONE), 4))
        .isEqualTo(ErrorCode.INVALID_VALUE);
    assertThat(refusal(caller("key_1", limits(0L, null), CallerLimits.NONE), 1))
        .isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(refusal(caller("key_1", CallerLimits.NONE, CallerLimits.NONE), 1)).isNull();
  }

  @Test
  void picturesOfARefusedRequestAreGivenBackAndAChangedLimitHoldsAtOnce() {
    Caller caller = caller("key_1", limits(null, 4L), CallerLimits.NONE);
    rates.take(caller, 4);
    rates.giveBack(caller, 4);
    assertThat(refusal(caller, 4)).isNull();
    assertThat(refusal(caller, 1)).isEqualTo(ErrorCode.RATE_LIMIT_EXCEEDED);
    assertThat(refusal(caller("key_1", limits(null, 5L), CallerLimits.NONE), 5)).isNull();
    assertThat(rates.standing(caller("key_2", CallerLimits.NONE, CallerLimits.NONE)))
        .isEqualTo(List.of());
  }
}
