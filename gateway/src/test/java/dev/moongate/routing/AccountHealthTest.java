package dev.moongate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.routing.AccountHealth.Condition;
import dev.moongate.routing.AccountHealth.Standing;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccountHealthTest {
  private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");
  private final AccountHealth health = new AccountHealth();

  @Test
  void oneRefusalClosesNothing() {
    assertThat(health.ill(pass(T), T)).isEqualTo(AccountHealth.Verdict.OPEN);
    assertThat(health.tryPass(T)).isPresent();
  }

  @Test
  void threeInARowPauseThirtySecondsThenExactlyOneProbes() {
    pause();
    assertThat(health.tryPass(T.plusSeconds(29))).isEmpty();
    assertThat(health.tryPass(T.plusSeconds(30))).isPresent();
    assertThat(health.tryPass(T.plusSeconds(30))).isEmpty();
  }

  @Test
  void itSaysHowItStandsAndUntilWhen() {
    assertThat(health.standing(T)).isEqualTo(new Standing(Condition.OPEN, null, null));
    health.throttled(T, null);
    assertThat(health.standing(T)).isEqualTo(new Standing(Condition.OPEN, null, T.plusSeconds(1)));
    assertThat(health.standing(T.plusSeconds(1)).throttledUntil()).isNull();
    for (int i = 0; i < 5; i++) {
      health.faulty(T);
    }
    assertThat(health.standing(T))
        .isEqualTo(new Standing(Condition.AVOIDED, T.plusSeconds(30), T.plusSeconds(1)));
    pause();
    assertThat(health.standing(T.plusSeconds(29)))
        .isEqualTo(new Standing(Condition.PAUSED, T.plusSeconds(30), null));
    health.well();
    assertThat(health.standing(T.plusSeconds(30)).condition()).isEqualTo(Condition.OPEN);
  }

  @Test
  void probeThatGoesWellOpensTheAccount() {
    pause();
    pass(T.plusSeconds(30));
    health.well();
    assertThat(health.tryPass(T.plusSeconds(30))).isPresent();
    assertThat(health.ill(pass(T.plusSeconds(30)), T.plusSeconds(31)))
        .isEqualTo(AccountHealth.Verdict.OPEN);
  }

  @Test
  void probeThatIsRefusedPausesAgainAndSaysThatWaitingIsUseless() {
    pause();
    AccountHealth.Pass probe = pass(T.plusSeconds(30));
    assertThat(health.ill(probe, T.plusSeconds(31))).isEqualTo(AccountHealth.Verdict.STILL_ILL);
    health.over(probe);
    assertThat(health.tryPass(T.plusSeconds(60))).isEmpty();
    assertThat(health.tryPass(T.plusSeconds(61))).isPresent();
  }

  @Test
  void probeThatTeachesNothingLetsAnotherProbe() {
    pause();
    AccountHealth.Pass probe = pass(T.plusSeconds(30));
    assertThat(health.tryPass(T.plusSeconds(30))).isEmpty();
    health.over(probe);
    assertThat(health.tryPass(T.plusSeconds(30))).isPresent();
  }

  @Test
  void whatWasSentBeforeThePauseSpeaksNotForTheProbe() {
    AccountHealth.Pass refusedLate = pass(T);
    AccountHealth.Pass unanswered = pass(T);
    pause();
    AccountHealth.Pass probe = pass(T.plusSeconds(30));
    assertThat(health.ill(refusedLate, T.plusSeconds(31))).isEqualTo(AccountHealth.Verdict.PAUSED);
    health.over(refusedLate);
    health.faulty(T.plusSeconds(32));
    health.over(unanswered);
    assertThat(health.tryPass(T.plusSeconds(90))).isEmpty();
    assertThat(health.ill(probe, T.plusSeconds(91))).isEqualTo(AccountHealth.Verdict.STILL_ILL);
  }

  @Test
  void goodAnswerBetweenRefusalsStartsTheCountAgain() {
    health.ill(pass(T), T);
    health.ill(pass(T), T);
    health.well();
    assertThat(health.ill(pass(T), T)).isEqualTo(AccountHealth.Verdict.OPEN);
    assertThat(health.tryPass(T)).isPresent();
  }

  @Test
  void throttlingHoldsBackForAsLongAsTheProviderSaysAndLongerAnswersWin() {
    health.throttled(T, Duration.ofSeconds(5));
    health.throttled(T, Duration.ofSeconds(2));
    assertThat(health.tryPass(T.plusSeconds(4))).isEmpty();
    assertThat(health.opensAt()).isEqualTo(T.plusSeconds(5));
    assertThat(health.tryPass(T.plusSeconds(5))).isPresent();
  }

  @Test
  void throttlingAgainAndAgainSlowsTheAccountDownUntilSomethingIsAccepted() {
    assertThat(health.throttled(T, null)).isEqualTo(T.plusSeconds(1));
    assertThat(health.throttled(T, null)).isEqualTo(T.plusSeconds(2));
    assertThat(health.throttled(T, null)).isEqualTo(T.plusSeconds(4));
    for (int i = 0; i < 9; i++) {
      health.throttled(T, null);
    }
    assertThat(health.throttled(T, null)).isEqualTo(T.plusSeconds(60));
    assertThat(health.throttled(T, Duration.ofDays(20))).isEqualTo(T.plusSeconds(60));
    health.well();
    assertThat(health.throttled(T, null)).isEqualTo(T.plusSeconds(1));
  }

  @Test
  void manyFaultsMakeOthersPreferredForAWhileAndCloseNothing() {
    for (int i = 0; i < 4; i++) {
      health.well();
      health.faulty(T);
    }
    assertThat(health.open(T)).isTrue();
    health.faulty(T);
    assertThat(health.open(T)).isFalse();
    assertThat(health.tryPass(T)).isPresent();
    assertThat(health.open(T.plusSeconds(30))).isTrue();
  }

  @Test
  void faultsThatAreFewAmongManyDoNotCount() {
    for (int i = 0; i < 30; i++) {
      health.well();
      health.well();
      health.faulty(T);
    }
    assertThat(health.open(T)).isTrue();
  }

  @Test
  void clockThatIsSetBackMakesNoPauseLongerThanItIs() {
    Instant anHourAhead = T.plus(Duration.ofHours(1));
    health.throttled(anHourAhead, null);
    assertThat(health.tryPass(T)).isEmpty();
    assertThat(health.tryPass(T.plusSeconds(1))).isPresent();
    AccountHealth.Pass pass = pass(T.plusSeconds(1));
    for (int i = 0; i < 3; i++) {
      health.ill(pass, anHourAhead);
    }
    assertThat(health.standing(T).until()).isEqualTo(T.plusSeconds(30));
    assertThat(health.tryPass(T.plusSeconds(30))).isPresent();
    health.well();
    for (int i = 0; i < 5; i++) {
      health.faulty(anHourAhead);
    }
    assertThat(health.open(T)).isFalse();
    assertThat(health.open(T.plusSeconds(30))).isTrue();
  }

  private AccountHealth.Pass pass(Instant now) {
    return health.tryPass(now).orElseThrow();
  }

  private void pause() {
    AccountHealth.Pass pass = pass(T.plusSeconds(1));
    health.ill(pass, T);
    health.ill(pass, T);
    assertThat(health.ill(pass, T)).isEqualTo(AccountHealth.Verdict.PAUSED);
  }
}
