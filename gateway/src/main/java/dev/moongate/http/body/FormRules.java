package dev.moongate.http.body;

import dev.moongate.error.GatewayException;

/** What a form may hold beside texts: asked while it is read, before a picture takes any room. */
public interface FormRules {
  /** The member of the JSON in which the pictures stand, as a list in the order of their coming. */
  String pictures();

  /**
   * Whether a part of this name is one of the pictures.
   *
   * @param before how many came before it
   * @throws GatewayException if it is one too many, or in the wrong place
   */
  boolean isPicture(String name, int before);

  /** What is said to a file of any other name. */
  GatewayException strayFile(String name);
}
