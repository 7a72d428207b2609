package dev.moongate.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSectionTest {
  @TempDir private Path folder;

  private SettingsReader reader(String yaml) throws IOException {
    Path config = Files.writeString(folder.resolve("moongate.yaml"), yaml);
    return new SettingsReader(Map.of("MOONGATE_CONFIG", config.toString()), folder);
  }

  @Test
  void privateAddressesAreAllowedOnlyWhereTheFileSaysSo() throws IOException {
    SettingsReader silent = new SettingsReader(Map.of(), folder);
    assertThat(silent.read(Flags.NONE).webhooks().allowPrivate()).isFalse();
    assertThat(silent.readWebhooks(null).allowPrivate()).isFalse();
    SettingsReader allowing = reader("webhooks: { allow-private: true }");
    assertThat(allowing.read(Flags.NONE).webhooks().allowPrivate()).isTrue();
    assertThat(allowing.readWebhooks(null).allowPrivate()).isTrue();
  }

  @Test
  void docsNameTheSetting() throws IOException {
    assertThat(Files.readString(Path.of("../docs/configuration.md")))
        .contains("webhooks: { allow-private:");
  }

  @Test
  void aMistakeIsNamed() throws IOException {
    SettingsReader wrong = reader("webhooks: { allow-private: yes, allow-privat: true }");
    assertThatThrownBy(() -> wrong.readWebhooks(null))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("`webhooks.allow-private` must be true or false")
        .hasMessageContaining("did you mean `allow-private`?");
  }

  @Test
  void aCommandBesideAGatewayDoesNotCareForTheRest() throws IOException {
    assertThat(
            reader("currency: none\nwebhooks: { allow-private: true }")
                .readWebhooks(null)
                .allowPrivate())
        .isTrue();
  }
}
