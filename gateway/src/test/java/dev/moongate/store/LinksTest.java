package dev.moongate.store;

import static dev.moongate.store.Links.Verdict.EXPIRED;
import static dev.moongate.store.Links.Verdict.INVALID;
import static dev.moongate.store.Links.Verdict.VALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.moongate.image.ImageFormat;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final Instant END = Instant.ofEpochSecond(1_764_000_000);
  private final Links links = new Links(new byte[32]);
  private final String signature =
      links.path("img_x", ImageFormat.PNG, END).replaceAll(".*signature=", "");

  @Test
  void linkIsGoodUntilItsSecondAndNotFromThenOn() {
    assertThat(links.verify("img_x", 1_764_000_000, signature, END.minusMillis(1)))
        .isEqualTo(VALID);
    assertThat(links.verify("img_x", 1_764_000_000, signature, END)).isEqualTo(EXPIRED);
  }

  @Test
  void anyChangeMakesItInvalidEvenWhenItIsOld() {
    assertThat(links.verify("img_y", 1_764_000_000, signature, END)).isEqualTo(INVALID);
    assertThat(links.verify("img_x", 1_764_000_001, signature, END)).isEqualTo(INVALID);
    assertThat(links.verify("img_x", 1_764_000_000, signature + "A", END)).isEqualTo(INVALID);
    assertThat(links.verify("img_x", 1_764_000_000, "", END)).isEqualTo(INVALID);
    byte[] other = new byte[32];
    other[0] = 1;
    assertThat(new Links(other).verify("img_x", 1_764_000_000, signature, END)).isEqualTo(INVALID);
  }

  @Test
  void shortSecretIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Links(new byte[31]));
  }
}
