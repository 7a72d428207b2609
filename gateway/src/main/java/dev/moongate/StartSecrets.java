package dev.moongate;

import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Role;
import dev.moongate.db.KeyTable;
import dev.moongate.db.SettingTable;
import dev.moongate.store.Links;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secrets that a gateway must have when it starts: its first key, and what signs its links. */
record StartSecrets(SecureRandom random, Clock clock) {
  private static final String LINK_SECRET = "link-secret";

  /**
   * Makes the key of the environment the admin's, or makes a first key if there is none at all.
   *
   * @param given the key of the environment; null if it names none
   * @return the key that was made; null if none was
   */
  @Nullable Key prepareKeys(@Nullable String given, KeyTable keys) {
    KeyMaker maker = new KeyMaker(random, clock);
    if (given != null) {
      Key key = Key.parse(given).orElseThrow();
      keys.useFromEnvironment(
          maker.row(key, "MOONGATE_API_KEY", KeyTerms.of(Role.ADMIN), "environment", null));
      return null;
    }
    keys.useFromEnvironment(null);
    if (!keys.list().isEmpty()) {
      return null;
    }
    Key first = maker.newKey();
    keys.add(maker.row(first, "first", KeyTerms.of(Role.ADMIN), "first-start", null), "start");
    return first;
  }

  Links links(SettingTable settings) {
    String secret =
        settings.findOrMake(
            LINK_SECRET,
            () -> {
              byte[] bytes = new byte[32];
              random.nextBytes(bytes);
              return Base64.getEncoder().encodeToString(bytes);
            });
    return new Links(Base64.getDecoder().decode(secret));
  }
}
