package dev.moongate.image;

/** How pictures come back: as links to our copies, or inside the answer. */
public enum ResponseFormat {
  URL("url"),
  B64_JSON("b64_json");

  private final String wireName;

  ResponseFormat(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
