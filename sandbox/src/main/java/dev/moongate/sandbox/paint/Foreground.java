package dev.moongate.sandbox.paint;

import dev.moongate.sandbox.ask.Shade;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which colours of a palette the small things are drawn in: wood in its darkest, blossoms in its
 * most vivid, but each in another one where it would be lost on what lies behind it. Used by one
 * thread.
 */
final class Foreground {
  private static final double ENOUGH = 110;

  private final List<Integer> woods;
  private final List<Integer> petals;
  private final List<Integer> all;
  private final Map<Integer, Integer> woodBefore = new HashMap<>();
  private final Map<Integer, Integer> blossomBefore = new HashMap<>();

  /**
   * Reckons with the areas, in basis points, that wood and blossoms take: a colour with less of a
   * share is not used for them.
   */
  Foreground(List<Shade> palette, double wood, double blossoms) {
    woods = usable(palette, wood, Comparator.comparingDouble(s -> Colors.luminance(s.rgb())));
    petals = usable(palette, blossoms, Comparator.comparingInt(s -> -Colors.saturation(s.rgb())));
    all = palette.stream().map(Shade::rgb).toList();
  }

  /** The best one first. */
  private static List<Integer> usable(List<Shade> palette, double area, Comparator<Shade> best) {
    return palette.stream()
        .filter(shade -> shade.basisPoints() > area + 30)
        .sorted(best)
        .map(Shade::rgb)
        .toList();
  }

  /** The colour of wood before this one; the same if there is none to tell it by. */
  int wood(int behind) {
    return woodBefore.computeIfAbsent(behind, b -> before(nearest(b), woods, OptionalInt.empty()));
  }

  /** The colour of a blossom before this one, and not that of the wood beside it. */
  int blossom(int behind) {
    return blossomBefore.computeIfAbsent(
        behind, b -> before(nearest(b), petals, OptionalInt.of(wood(b))));
  }

  /** The plate of the watermark. */
  int plate() {
    return all.stream().min(Comparator.comparingDouble(Colors::luminance)).orElseThrow();
  }

  /** What is written on the plate. */
  int letters() {
    return farthest(all, plate());
  }

  /** A pixel of a soft edge belongs to one of its sides. */
  private int nearest(int rgb) {
    return all.stream()
        .min(Comparator.comparingDouble(color -> Colors.contrast(color, rgb)))
        .orElseThrow();
  }

  private static int before(int behind, List<Integer> colors, OptionalInt not) {
    List<Integer> others =
        colors.stream().filter(c -> c != behind && c != not.orElse(behind)).toList();
    if (others.isEmpty()) {
      return behind;
    }
    int wish = colors.getFirst();
    boolean shows = others.contains(wish) && Colors.contrast(wish, behind) >= ENOUGH;
    return shows ? wish : farthest(others, behind);
  }

  private static int farthest(List<Integer> colors, int from) {
    return colors.stream()
        .max(Comparator.comparingDouble(color -> Colors.contrast(color, from)))
        .orElseThrow();
  }
}
