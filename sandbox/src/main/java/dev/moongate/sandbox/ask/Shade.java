package dev.moongate.sandbox.ask;

/** One colour of a palette: its 24 bit RGB value and its share of the picture in basis points. */
public record Shade(int rgb, int basisPoints) {}
