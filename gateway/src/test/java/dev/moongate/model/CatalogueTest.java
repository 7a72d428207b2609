package dev.moongate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CatalogueTest {
  @ParameterizedTest
  @CsvSource({
    "wan2.7-image-pro, CNY, 500000", "wan2.7-image-pro, USD, 75000",
    "wan2.7-image, CNY, 200000", "wan2.7-image, USD, 30000"
  })
  void pricesAreExact(String model, String currency, long micros) throws IOException {
    assertThat(shipped().find(model).orElseThrow().price(currency))
        .isEqualTo(new Money(micros, currency));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0000001", "-1", "ten", "99999999999999999999"})
  void aPriceThatCannotBeExactStopsTheStart(String price) throws IOException {
    String yaml = text().replace("CNY: \"0.50\"", "CNY: \"" + price + "\"");
    assertThatThrownBy(() -> load(yaml)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoModelsOfOneNameStopTheStart() throws IOException {
    String yaml = text().replace("id: wan2.7-image-pro", "id: wan2.7-image");
    assertThatThrownBy(() -> load(yaml)).hasMessageContaining("wan2.7-image");
  }

  @Test
  void onlyTheExactNameFindsAModel() throws IOException {
    assertThat(shipped().find("WAN2.7-image")).isEmpty();
    assertThat(shipped().list())
        .extracting(Model::id)
        .containsExactly("wan2.7-image-pro", "wan2.7-image");
  }

  @Test
  void parametersCarryTheModelsOwnNumbers() throws IOException {
    Model standard = shipped().find("wan2.7-image").orElseThrow();
    assertThat(standard.parameters()).extracting(Parameter::name).contains("n", "size", "seed");
    assertThat(parameter(standard, "size").at("/choices")).hasToString("[\"1K\",\"2K\"]");
    assertThat(parameter(standard, "seed").at("/maximum").intValue()).isEqualTo(Integer.MAX_VALUE);
    assertThat(parameter(standard, "n").at("/maximum").intValue()).isEqualTo(12);
    assertThat(parameter(standard, "n").at("/variants/0/maximum").intValue()).isEqualTo(4);
    assertThat(parameter(standard, "n").at("/default").intValue()).isEqualTo(1);
    assertThat(parameter(standard, "n").at("/condition").stringValue())
        .isEqualTo("at most 4 unless enable_sequential is true; then 12 if left out");
    assertThat(parameter(standard, "color_palette").at("/min_items").intValue()).isEqualTo(3);
    assertThat(parameter(standard, "color_palette").at("/items/properties/hex/pattern"))
        .hasToString("\"^#[0-9A-Fa-f]{6}$\"");
    assertThat(standard.ignored()).hasSize(10).contains("quality").doesNotContain("stream");
  }

  private static JsonNode parameter(Model model, String name) {
    return model.parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow()
        .description();
  }

  private static Catalogue shipped() throws IOException {
    return load(text());
  }

  private static Catalogue load(String yaml) {
    return Catalogue.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CatalogueTest.class.getResourceAsStream("/models.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
