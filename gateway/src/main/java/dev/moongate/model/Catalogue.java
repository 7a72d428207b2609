package dev.moongate.model;

import dev.moongate.image.ImageFormat;
import dev.moongate.image.Size;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The models there are, by their public names. Read once, never changed. */
public final class Catalogue {
  private static final int MICRO_DIGITS = 6;

  private final Map<String, Model> models;
  private final Map<String, Alias> aliases;

  private Catalogue(Map<String, Model> models, Map<String, Alias> aliases) {
    this.models = models;
    this.aliases = aliases;
  }

  /**
   * Reads a catalogue.
   *
   * @throws IllegalStateException if it is wrong; it is shipped with the gateway, so nobody else is
   *     to blame
   */
  public static Catalogue load(InputStream yaml) {
    Map<String, Model> models = new LinkedHashMap<>();
    JsonNode root = new YAMLMapper().readTree(yaml);
    for (JsonNode entry : root.required("models")) {
      Model model = model(entry, root.required("parameters"));
      if (models.put(model.id(), model) != null) {
        throw new IllegalStateException("two models are called " + model.id());
      }
    }
    return new Catalogue(models, Map.of());
  }

  /** The same models, some at other prices. */
  public Catalogue repriced(Map<String, Money> prices) {
    Map<String, Model> changed = new LinkedHashMap<>(models);
    prices.forEach(
        (id, price) -> changed.computeIfPresent(id, (_, model) -> model.repriced(price)));
    return new Catalogue(changed, aliases);
  }

  /** The same models, some of them under other names too. */
  public Catalogue aliased(List<Alias> others) {
    Map<String, Alias> named = new LinkedHashMap<>();
    others.forEach(alias -> named.put(alias.name(), alias));
    return new Catalogue(models, named);
  }

  /** What exactly this name stands for, whether it is a model's own or another one. */
  public Optional<Alias> resolve(String name) {
    return find(name).map(Alias::of).or(() -> Optional.ofNullable(aliases.get(name)));
  }

  public List<Alias> aliases() {
    return List.copyOf(aliases.values());
  }

  /** The model of exactly this name; an alias is none. */
  public Optional<Model> find(String id) {
    return Optional.ofNullable(models.get(id));
  }

  public List<Model> list() {
    return List.copyOf(models.values());
  }

  /** The names of all models whose pictures a provider makes. */
  public List<String> modelsOf(String provider) {
    return models.values().stream()
        .filter(model -> model.provider().equals(provider))
        .map(Model::id)
        .toList();
  }

  private static Model model(JsonNode entry, JsonNode described) {
    JsonNode palette = entry.required("palette");
    JsonNode inputs = entry.required("input-images");
    return new Model(
        text(entry, "id"),
        text(entry, "provider"),
        text(entry, "upstream-name"),
        text(entry, "description"),
        text(entry, "owned-by"),
        entry.required("created").longValue(),
        prices(entry.required("price")),
        prices(entry.required("price")),
        count(entry.required("n")),
        count(entry.required("n-sequential")),
        sizes(entry.required("text-to-image")),
        sizes(entry.required("other-scenes")),
        number(entry, "max-ratio"),
        number(entry, "prompt-max"),
        number(palette, "min"),
        number(palette, "max"),
        entry.required("seed-max").longValue(),
        new Model.InputRules(
            number(inputs, "max"),
            number(inputs, "min-side"),
            number(inputs, "max-side"),
            number(inputs, "max-ratio"),
            inputs.required("max-bytes").longValue(),
            words(inputs.required("formats")).stream()
                .map(ImageFormat::valueOf)
                .collect(Collectors.toSet()),
            number(inputs, "boxes")),
        ParameterReader.read(entry, described),
        Set.copyOf(words(entry.required("ignored"))));
  }

  static List<String> words(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  private static Map<String, Money> prices(JsonNode prices) {
    Map<String, Money> all = new HashMap<>();
    for (Map.Entry<String, JsonNode> price : prices.properties()) {
      all.put(price.getKey(), price(price.getValue().stringValue(), price.getKey()));
    }
    return all;
  }

  private static Money price(String amount, String currency) {
    try {
      return new Money(
          new BigDecimal(amount).movePointRight(MICRO_DIGITS).longValueExact(), currency);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "%s %s is no price: a number from 0 with at most %d decimals"
              .formatted(amount, currency, MICRO_DIGITS),
          e);
    }
  }

  private static Model.Count count(JsonNode count) {
    return new Model.Count(number(count, "default"), number(count, "max"));
  }

  private static Model.Sizes sizes(JsonNode sizes) {
    List<Size.Tier> tiers = new ArrayList<>();
    for (JsonNode tier : sizes.required("tiers")) {
      tiers.add(tier(tier.stringValue()));
    }
    return new Model.Sizes(
        tiers, sizes.required("min-pixels").longValue(), sizes.required("max-pixels").longValue());
  }

  private static Size.Tier tier(String label) {
    for (Size.Tier tier : Size.Tier.values()) {
      if (tier.label().equals(label.toUpperCase(Locale.ROOT))) {
        return tier;
      }
    }
    throw new IllegalStateException("no tier " + label);
  }

  private static String text(JsonNode node, String name) {
    return node.required(name).stringValue();
  }

  private static int number(JsonNode node, String name) {
    return node.required(name).intValue();
  }
}
