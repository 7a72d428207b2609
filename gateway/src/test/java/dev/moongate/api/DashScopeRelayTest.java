package dev.moongate.api;

import static dev.moongate.testing.DashScopeFace.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One gateway in front of another: the adapter for the vendor understands the vendor's face. */
@Timeout(300)
class DashScopeRelayTest {
  @TempDir private Path near;
  @TempDir private Path far;

  private static MoongateHarness before(Path home, MoongateHarness upstream, Mode mode) {
    AccountSettings account =
        new AccountSettings(
            "far",
            "dashscope",
            URI.create(upstream.uri() + "/api/v1"),
            List.of(new ApiKey(upstream.key().text())),
            mode,
            Account.Limits.DASHSCOPE,
            List.of());
    return MoongateHarness.start(home, List.of(account), MoongateHarness.settings());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void pictureComesThroughTwoGateways(Mode mode) {
    try (MoongateHarness second = MoongateHarness.sandbox(far);
        MoongateHarness first = before(near, second, mode)) {
      String request = body("x sandbox:delay=50ms", "{\"size\":\"1K\",\"seed\":0,\"n\":2}");
      Answer answer = new DashScopeFace(first).sync(request);
      assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
      assertThat(answer.json().at("/output/choices/1/message/content/0/image").stringValue())
          .startsWith(first.uri().toString());
      assertThat(answer.json().toString()).doesNotContain(":" + second.port());
      assertThat(second.rows("SELECT state FROM generation")).containsExactly("SUCCEEDED");
    }
  }

  @Test
  void refusalComesThroughTwoGateways() {
    try (MoongateHarness second = MoongateHarness.sandbox(far);
        MoongateHarness first = before(near, second, Mode.ASYNC)) {
      Answer answer =
          new DashScopeFace(first)
              .sync(body("x sandbox:delay=50ms sandbox:task-fail=DataInspectionFailed", "{}"));
      assertThat(answer.error()).isEqualTo("400 DataInspectionFailed");
    }
  }
}
