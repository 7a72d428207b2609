package dev.moongate.http;

/** Who may use a route. Every route says so; there is no default. */
public enum Access {
  /** Anybody. */
  PUBLIC,
  /** A caller with a good key. */
  CALLER
}
