package dev.moongate.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.settings.Flags;
import dev.moongate.settings.SettingsException;
import dev.moongate.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The example in docs/configuration.md is read without a complaint, and shows every setting. */
class ConfigurationDocsTest {
  private static final String UNKNOWN = "zzzzzzzzzzzzzzzz";

  @TempDir private Path folder;

  @Test
  void exampleIsRead() throws IOException {
    assertThat(read(example()).accounts()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "/limits, limits: {%s}",
    "/cors, cors: {%s}",
    "/webhooks, webhooks: {%s}",
    "/accounts/0, accounts: [{%s}]",
    "/accounts/0/limits, accounts: [{limits: {%s}}]",
    "/models/wan2.7-image-pro, models: {x: {%s}}",
    "/aliases/gpt-image-1, aliases: {x: {%s}}"
  })
  void exampleShowsEverySetting(String place, String around) throws IOException {
    String unknown = UNKNOWN + ": 1";
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () -> read(around.isEmpty() ? unknown : around.formatted(unknown)));
    List<String> known =
        e.problems().stream()
            .filter(problem -> problem.contains(UNKNOWN + "`"))
            .map(problem -> problem.replaceFirst(".*here there are: ", ""))
            .flatMap(names -> Arrays.stream(names.split(", ", -1)))
            .toList();
    JsonNode shown = new YAMLMapper().readTree(example()).at(place);
    assertThat(new TreeSet<>(shown.propertyNames()))
        .as(place)
        .containsExactlyElementsOf(new TreeSet<>(known));
  }

  private static String example() throws IOException {
    String text = Files.readString(Path.of("../docs/configuration.md"));
    return text.substring(text.indexOf("```yaml\n") + 8).split("\n```", 2)[0];
  }

  private dev.moongate.settings.MoongateSettings read(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("moongate.yaml"), yaml);
    return new SettingsReader(
            Map.of("DB_PASSWORD", "p", "DASHSCOPE_API_KEY", "sk-a", "SINGAPORE_API_KEY", "sk-b"),
            folder)
        .read(Flags.naming(file.toString()));
  }
}
