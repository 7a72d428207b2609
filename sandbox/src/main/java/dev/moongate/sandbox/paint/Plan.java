package dev.moongate.sandbox.paint;

import dev.moongate.sandbox.ask.Ask;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What to draw: the seed of the composition, the light, the amount of detail. A sequential set is
 * one garden from dawn to night; without it each picture of a request is a garden of its own.
 */
record Plan(long seed, Light light, boolean rich, boolean darkSky, Garden garden) {
  private static final Map<String, Light> NAMED = named();

  private static Map<String, Light> named() {
    Map<String, Light> named = new LinkedHashMap<>();
    named.put("night", Light.NIGHT);
    named.put("moonlight", Light.NIGHT);
    named.put("snow", Light.SNOW);
    named.put("winter", Light.SNOW);
    named.put("autumn", Light.AUTUMN);
    named.put("maple", Light.AUTUMN);
    named.put("sunset", Light.GOLDEN);
    named.put("dusk", Light.DUSK);
    named.put("evening", Light.DUSK);
    named.put("dawn", Light.DAWN);
    named.put("morning", Light.DAWN);
    named.put("flower", Light.DAWN);
    named.put("spring", Light.JADE);
    named.put("bamboo", Light.JADE);
    named.put("summer", Light.DAY);
    return named;
  }

  static Plan of(Ask ask, int index) {
    long words = hash(ask.prompt());
    long base = ask.seed() == null ? words : hash("seed") + ask.seed();
    long own = ask.sequential() ? base : base + index;
    SplittableRandom random = new SplittableRandom(own * 0x9E3779B97F4A7C15L);
    long seed = random.nextLong();
    boolean rich = ask.thinking();
    boolean darkSky = random.nextInt(3) == 0;
    Light light = light(ask, index, words, random);
    double across = -1;
    if (ask.sequential()) {
      across = ask.n() == 1 ? 0.5 : 0.12 + 0.72 * index / (ask.n() - 1);
    }
    Garden garden =
        new Garden(ask.width(), ask.height(), seed, rich ? 5 : 3, light.sunHeight(), across);
    return new Plan(seed, light, rich, darkSky, garden);
  }

  private static Light light(Ask ask, int index, long words, SplittableRandom random) {
    if (ask.sequential()) {
      return Light.ofDay(ask.n() == 1 ? 0 : (double) index / (ask.n() - 1));
    }
    String prompt = ask.prompt().toLowerCase(Locale.ROOT);
    return NAMED.entrySet().stream()
        .filter(entry -> prompt.contains(entry.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElseGet(
            () -> Light.ALL.get(Math.floorMod(words + random.nextInt(64), Light.ALL.size())));
  }

  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
