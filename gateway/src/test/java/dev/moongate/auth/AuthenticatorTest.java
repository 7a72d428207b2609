package dev.moongate.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad inputs 53 to 57. */
class AuthenticatorTest {
  private static final Key GOOD = Key.generate(new SecureRandom());
  private static final Key UNKNOWN = Key.generate(new SecureRandom());
  private static final Caller CALLER =
      new Caller("default", "default", "key_1", KeyTerms.of(Role.MEMBER), CallerLimits.NONE);

  /** Counts how often the database would have been asked. */
  private static final class CountingKeys implements Keys {
    private final List<KeyHash> asked = new ArrayList<>();

    @Override
    public Optional<Caller> findActive(KeyHash hash, Instant now) {
      asked.add(hash);
      return hash.equals(GOOD.hash()) ? Optional.of(CALLER) : Optional.empty();
    }

    @Override
    public void add(KeyRow row, String actor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<KeyRow> list() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<KeyRow> find(String keyId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<KeyRow> change(String keyId, UnaryOperator<KeyRow> change, String actor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean rotate(
        String keyId, KeyHash hash, String lastFour, Instant until, String actor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(String keyId, String actor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean disable(String keyId, String actor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void useFromEnvironment(KeyRow row) {
      throw new UnsupportedOperationException();
    }
  }

  private final CountingKeys keys = new CountingKeys();
  private final Authenticator authenticator = new Authenticator(keys, () -> Instant.EPOCH);

  static Stream<List<String>> badHeaders() {
    String good = GOOD.text();
    char last = good.charAt(good.length() - 1);
    String misspelt = good.substring(0, good.length() - 1) + (last == 'a' ? 'b' : 'a');
    return Stream.of(
        List.of(),
        List.of(""),
        List.of("Bearer"),
        List.of("Bearer "),
        List.of("Bearer  " + good),
        List.of("Bearer " + good + " "),
        List.of(good),
        List.of("Basic " + good),
        List.of("Bearer x"),
        List.of("Bearer " + good, "Bearer " + good),
        List.of("Bearer " + good + ", Bearer " + good),
        List.of("Bearer " + misspelt),
        List.of("Bearer " + good.toUpperCase(java.util.Locale.ROOT)),
        List.of("Bearer moongate_"),
        List.of("Bearer " + "x".repeat(1 << 20)),
        List.of("Bearer moongate_" + "\u00e9".repeat(38)),
        List.of("Bearer moongate_" + "\0".repeat(38)),
        List.of("Bearer moongate_' OR 1=1 -- %%%%%%%%%%%%%%%%%%%%%%"));
  }

  @ParameterizedTest
  @MethodSource("badHeaders")
  void whateverIsWrongTheAnswerIsTheSameAndTheDatabaseIsNotAsked(List<String> headers) {
    assertThat(refusal(headers, null))
        .isEqualTo(refusal(List.of("Bearer " + UNKNOWN.text()), null));
    assertThat(keys.asked).containsExactly(UNKNOWN.hash());
  }

  @Test
  void theSchemeMayBeWrittenInAnyCaseAndApiKeyIsAnEqual() {
    assertThat(authenticator.authenticate(List.of("Bearer " + GOOD.text()), null, "192.0.2.1"))
        .isEqualTo(CALLER);
    assertThat(authenticator.authenticate(List.of("bEARER " + GOOD.text()), null, "192.0.2.1"))
        .isEqualTo(CALLER);
    assertThat(authenticator.authenticate(List.of(), GOOD.text(), "192.0.2.1")).isEqualTo(CALLER);
  }

  @Test
  void twoCredentialsAreRefusedEvenIfBothAreGood() {
    assertThatThrownBy(() ->
            authenticator.authenticate(List.of("Bearer " + GOOD.text()), GOOD.text(), "192.0.2.1"))
        .isInstanceOf(GatewayException.class);
  }

  @Test
  void aKeyIsReadBackAndNeverShowsItself() {
    assertThat(GOOD.text()).matches("moongate_[0-9A-Za-z]{38}").endsWith(GOOD.lastFour());
    assertThat(Key.parse(GOOD.text()).map(Key::hash)).contains(GOOD.hash());
    assertThat(GOOD.toString()).doesNotContain(GOOD.text().substring(9, 41));
  }

  private String refusal(List<String> headers, String apiKey) {
    GatewayException e =
        catchThrowableOfType(
            GatewayException.class, () -> authenticator.authenticate(headers, apiKey, "192.0.2.1"));
    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_API_KEY);
    return e.message() + e.param();
  }
}
