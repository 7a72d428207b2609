package dev.moongate.routing;

import dev.moongate.model.Money;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider account: our credentials and limits at one company.
 *
 * @param name as in moongate.yaml; generations and attempts name it
 * @param imageHosts hosts that this account's pictures may come from whatever address they resolve
 *     to: the host of its base URL and the configured ones
 * @param secure whether the account is reached over https, so that http links of pictures are too
 * @param costs what the provider takes for a picture, by model, in the ledger's currency
 * @param submitTimeout how long the answer to a submit is waited for
 */
public record Account(
    String name,
    String provider,
    ImageProvider api,
    List<ApiKey> keys,
    Limits limits,
    List<String> imageHosts,
    boolean secure,
    Map<String, Money> costs,
    Duration submitTimeout) {
  /**
   * The name of the built-in upstream's account, which no other may have: what it was asked for is
   * never bought, and what is to be bought is never drawn.
   */
  public static final String SANDBOX = "sandbox";

  public Account {
    costs = Map.copyOf(costs);
    keys = List.copyOf(keys);
    imageHosts = List.copyOf(imageHosts);
  }

  /** What the provider takes for a picture of the model; {@code usual} if that is not known. */
  public Money cost(String model, Money usual) {
    return costs.getOrDefault(model, usual);
  }

  /** What the provider allows the account; null lifts a limit. */
  public record Limits(
      @Nullable Integer submitsPerSecond,
      @Nullable Integer running,
      @Nullable Integer pollsPerSecond) {
    /**
     * The vendor's documented limits for wan2.7: 5 submits a second, 5 running, 20 polls a second.
     */
    public static final Limits DASHSCOPE = new Limits(5, 5, 20);
  }
}
