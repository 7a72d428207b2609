package dev.moongate.settings;

import org.jspecify.annotations.Nullable;

/**
 * What was said on the command line; null where nothing was. A flag wins over the environment, that
 * over the file.
 */
public record Flags(
    @Nullable String port,
    @Nullable String host,
    @Nullable String home,
    @Nullable String config,
    @Nullable String publicUrl,
    boolean sandbox) {
  public static final Flags NONE = naming(null);

  /** With nothing said but a configuration file, or not even that. */
  public static Flags naming(@Nullable String config) {
    return new Flags(null, null, null, config, null, false);
  }
}
