package dev.moongate.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInGuardTest {
  private final SettableClock clock = new SettableClock();
  private final SignInGuard guard = new SignInGuard(clock);

  private boolean stopped(String address) {
    GatewayException refusal =
        catchThrowableOfType(GatewayException.class, () -> guard.failed(address));
    assertThat(refusal == null || refusal.code() == ErrorCode.TOO_MANY_WRONG_KEYS).isTrue();
    return refusal != null;
  }

  @Test
  void thirtyWrongKeysAtOnceAreToleratedAndOneEveryTwoSecondsAfterThat() {
    for (int i = 0; i < 30; i++) {
      assertThat(stopped("192.0.2.1")).isFalse();
    }
    assertThat(stopped("192.0.2.1")).isTrue();
    assertThatCode(() -> guard.failed("192.0.2.2")).doesNotThrowAnyException();
    clock.advance(Duration.ofSeconds(2));
    assertThat(stopped("192.0.2.1")).isFalse();
    assertThat(stopped("192.0.2.1")).isTrue();
  }

  @Test
  void addressesOfOneIpv6NetworkCountAsOne() {
    for (int i = 0; i < 30; i++) {
      guard.failed("2001:db8:0:1::" + Integer.toHexString(i));
    }
    assertThat(stopped("2001:db8:0:1::ffff")).isTrue();
    assertThat(stopped("2001:db8:0:2::1")).isFalse();
  }
}
