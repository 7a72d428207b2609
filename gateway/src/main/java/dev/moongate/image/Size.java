package dev.moongate.image;

import java.util.Locale;

/** How big a picture is asked for: one of the vendor's tiers, or exact pixels. */
public sealed interface Size {
  /** A budget of pixels; the sides follow from the input pictures or are square. */
  enum Tier implements Size {
    K1("1K", 1024),
    K2("2K", 2048),
    K4("4K", 4096);

    private final String label;
    private final int side;

    Tier(String label, int side) {
      this.label = label;
      this.side = side;
    }

    /** {@code 1K}, {@code 2K}, {@code 4K}. */
    public String label() {
      return label;
    }

    /** The side of a square picture of this tier, in pixels. */
    public int side() {
      return side;
    }
  }

  /** Exact width and height in pixels, both positive. */
  record Pixels(int width, int height) implements Size {
    /** Width times height; cannot overflow. */
    public long total() {
      return (long) width * height;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%dx%d", width, height);
    }
  }
}
