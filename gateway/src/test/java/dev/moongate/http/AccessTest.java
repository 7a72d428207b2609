package dev.moongate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.auth.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessTest {
  @Test
  void onlyMetricsAskNoKeyOfThisMachineAndAnAdminsOfEveryOther() {
    assertThat(Access.ADMIN_OR_LOOPBACK.least(true)).isNull();
    assertThat(Access.ADMIN_OR_LOOPBACK.least(false)).isEqualTo(Role.ADMIN);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMIN_OR_LOOPBACK")
  void elsewhereItDoesNotMatterWhereARequestComesFrom(Access access) {
    assertThat(access.least(true)).isEqualTo(access.least(false));
  }

  @Test
  void thereIsNoRouteThatDoesNotSayWhoMayCallIt() {
    assertThatThrownBy(() -> new Route("GET", "/x", null, _ -> {}))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void starsStandForOneStepEachAndTwoForAny() {
    Route two = new Route("GET", "/a/*/b/*", Access.ADMIN, _ -> {});
    assertThat(two.match("/a/x.1/b/y")).contains(java.util.List.of("x.1", "y"));
    assertThat(two.match("/a/x/b/y/z")).isEmpty();
    assertThat(two.match("/a//b/y")).isEmpty();
    Route any = new Route("GET", "/d/**", Access.ADMIN, _ -> {});
    assertThat(any.match("/d/x/y")).contains(java.util.List.of("x/y"));
    assertThat(any.match("/d/")).isEmpty();
  }
}
