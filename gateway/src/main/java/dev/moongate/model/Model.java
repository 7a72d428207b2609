package dev.moongate.model;

import dev.moongate.image.ImageFormat;
import dev.moongate.image.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model as the catalogue describes it: its public name, who makes its pictures, what its
 * parameters may be, its price.
 *
 * @param created Unix seconds
 * @param prices per delivered picture, by currency: what callers pay
 * @param costs per delivered picture, by currency: what the provider takes, by its list
 * @param maxRatio of the longer to the shorter side
 * @param promptMax in code points
 * @param parameters what it understands, in the order in which a form would show it
 * @param ignored members of other APIs that it has no use for: a warning, not a refusal
 */
public record Model(
    String id,
    String provider,
    String upstreamName,
    String description,
    String ownedBy,
    long created,
    Map<String, Money> prices,
    Map<String, Money> costs,
    Count n,
    Count nSequential,
    Sizes textToImage,
    Sizes otherScenes,
    int maxRatio,
    int promptMax,
    int paletteMin,
    int paletteMax,
    long seedMax,
    InputRules inputImages,
    List<Parameter> parameters,
    Set<String> ignored) {
  public Model {
    parameters = List.copyOf(parameters);
    ignored = Set.copyOf(ignored);
    prices = Map.copyOf(prices);
    costs = Map.copyOf(costs);
  }

  /** How many pictures: from 1 to {@code max}, {@code standard} if nothing is said. */
  public record Count(int standard, int max) {}

  /** Which sizes a scene allows; pixels are width times height. */
  public record Sizes(List<Size.Tier> tiers, long minPixels, long maxPixels) {
    public Sizes {
      tiers = List.copyOf(tiers);
    }
  }

  /**
   * What input pictures must be.
   *
   * @param max how many
   * @param maxRatio of the longer to the shorter side
   * @param boxes how many boxes to edit within, per picture
   */
  public record InputRules(
      int max,
      int minSide,
      int maxSide,
      int maxRatio,
      long maxBytes,
      Set<ImageFormat> formats,
      int boxes) {
    public InputRules {
      formats = Set.copyOf(formats);
    }
  }

  /** The price of a picture; every model has one in every currency of the catalogue. */
  public Money price(String currency) {
    return in(currency, prices);
  }

  /** What the provider takes for a picture, by its price list. */
  public Money cost(String currency) {
    return in(currency, costs);
  }

  private Money in(String currency, Map<String, Money> amounts) {
    Money amount = amounts.get(currency);
    if (amount == null) {
      throw new IllegalStateException(id + " has no price in " + currency);
    }
    return amount;
  }

  /** The same model at another price in one currency. */
  Model repriced(Money price) {
    Map<String, Money> changed = new HashMap<>(prices);
    changed.put(price.currency(), price);
    return new Model(
        id,
        provider,
        upstreamName,
        description,
        ownedBy,
        created,
        changed,
        costs,
        n,
        nSequential,
        textToImage,
        otherScenes,
        maxRatio,
        promptMax,
        paletteMin,
        paletteMax,
        seedMax,
        inputImages,
        parameters,
        ignored);
  }

  /** The sizes of the scene that a request is. */
  public Sizes sizes(boolean textToImageScene) {
    return textToImageScene ? textToImage : otherScenes;
  }
}
