package dev.moongate;

import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Lets tests, which live in packages of their own, reach the seams of the gateway. */
public final class SeamedGateway {
  private SeamedGateway() {}

  public static Gateway start(
      MoongateSettings settings,
      Clock clock,
      UnaryOperator<GenerationRows> rows,
      UnaryOperator<ImageStore> store,
      UnaryOperator<ImageProvider> provider)
      throws IOException {
    return start(settings, clock, rows, store, provider, Gateway.Seams.NONE.lost());
  }

  /** On an older copy of the database. */
  public static Gateway startRestored(
      MoongateSettings settings, Clock clock, UnaryOperator<GenerationRows> rows)
      throws IOException {
    return Gateway.start(
        settings,
        clock,
        true,
        new Gateway.Seams(
            rows, UnaryOperator.identity(), UnaryOperator.identity(), Gateway.Seams.NONE.lost()));
  }

  /**
   * As the other.
   *
   * @param lost what happens instead of the end of the process
   */
  public static Gateway start(
      MoongateSettings settings,
      Clock clock,
      UnaryOperator<GenerationRows> rows,
      UnaryOperator<ImageStore> store,
      UnaryOperator<ImageProvider> provider,
      Consumer<Gateway> lost)
      throws IOException {
    return Gateway.start(settings, clock, false, new Gateway.Seams(rows, store, provider, lost));
  }
}
