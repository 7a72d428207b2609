package dev.moongate.testing;

import dev.moongate.generation.GenerationSettings;
import dev.moongate.http.HttpSettings;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AliasSettings;
import dev.moongate.settings.MoongateSettings.ModelSettings;
import java.util.Map;

/** Settings of a gateway as they are, but for what a test says otherwise. */
public final class SettingsBuilder {
  private final MoongateSettings usual;
  private HttpSettings http;
  private GenerationSettings generation;
  private String currency;
  private String database;
  private Map<String, ModelSettings> models;
  private Map<String, AliasSettings> aliases;

  private SettingsBuilder(MoongateSettings usual) {
    this.usual = usual;
    this.http = usual.http();
    this.generation = usual.generation();
    this.currency = usual.currency();
    this.database = usual.database();
    this.models = usual.models();
    this.aliases = usual.aliases();
  }

  public static SettingsBuilder from(MoongateSettings usual) {
    return new SettingsBuilder(usual);
  }

  public SettingsBuilder http(HttpSettings told) {
    http = told;
    return this;
  }

  public SettingsBuilder generation(GenerationSettings told) {
    generation = told;
    return this;
  }

  public SettingsBuilder currency(String told) {
    currency = told;
    return this;
  }

  /** Null for SQLite in the home. */
  public SettingsBuilder database(String told) {
    database = told;
    return this;
  }

  public SettingsBuilder models(Map<String, ModelSettings> told) {
    models = told;
    return this;
  }

  public SettingsBuilder aliases(Map<String, AliasSettings> told) {
    aliases = told;
    return this;
  }

  public MoongateSettings build() {
    return new MoongateSettings(
        http,
        usual.home(),
        usual.adminKey(),
        usual.accounts(),
        generation,
        currency,
        usual.egress(),
        usual.webhooks(),
        database,
        models,
        aliases);
  }
}
