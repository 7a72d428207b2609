package dev.moongate.sandbox.word;

import dev.moongate.sandbox.ask.VendorError;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The test words of one prompt. A word stands alone between blanks; a wrong one is refused with the
 * list of those there are, so that a typing mistake never looks like a passed test.
 */
public final class Words {
  private static final Pattern WORD = Pattern.compile("(?<!\\S)sandbox:(\\S+)");
  private static final Pattern PARTS =
      Pattern.compile("([a-z][a-z-]*)(?:=(.*?))?(?::times=([0-9]{1,6}))?");
  private static final Map<String, KnownWord> KNOWN =
      Arrays.stream(KnownWord.values())
          .collect(Collectors.toUnmodifiableMap(KnownWord::spelling, word -> word));

  private final Map<KnownWord, Word> words;

  private Words(Map<KnownWord, Word> words) {
    this.words = words;
  }

  public static Words read(String prompt) {
    Map<KnownWord, Word> found = new EnumMap<>(KnownWord.class);
    Matcher match = WORD.matcher(prompt);
    while (match.find()) {
      String text = match.group(1).replaceAll("[,;!?]+$|(?<=[a-z])\\.$", "");
      read(text, found);
    }
    return new Words(found);
  }

  private static void read(String text, Map<KnownWord, Word> found) {
    Matcher parts = PARTS.matcher(text);
    KnownWord known = parts.matches() ? KNOWN.get(parts.group(1)) : null;
    if (known == null) {
      throw new VendorError(
          400,
          "InvalidParameter",
          "unknown sandbox word: " + cut(text) + ". Known: " + knownSpellings());
    }
    String value = parts.group(2) == null ? "" : parts.group(2);
    int comma = known.commaIsText() ? -1 : value.indexOf(',');
    String extra = comma < 0 ? null : value.substring(comma + 1);
    value = comma < 0 ? value : value.substring(0, comma);
    if (!known.takes(value, extra)) {
      throw new VendorError(
          400, "InvalidParameter", "sandbox:" + known.spelling() + " takes " + known.hint());
    }
    int times = parts.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(parts.group(3));
    found.put(known, new Word(known.spelling(), value, extra, times));
  }

  private static String cut(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64);
  }

  private static String knownSpellings() {
    return Arrays.stream(KnownWord.values())
        .map(KnownWord::spelling)
        .collect(Collectors.joining(", "));
  }

  public Optional<Word> find(KnownWord word) {
    return Optional.ofNullable(words.get(word));
  }

  public boolean has(KnownWord word) {
    return words.containsKey(word);
  }

  /** The value of a counting word, 0 where it is not there. */
  public int count(KnownWord word) {
    return find(word).map(Word::number).orElse(0);
  }

  public Optional<Duration> duration(KnownWord word) {
    return find(word).map(found -> duration(found.value()));
  }

  private static Duration duration(String text) {
    long number = Long.parseLong(text.replaceAll("[a-z]", ""));
    return switch (text.replaceAll("[0-9]", "")) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }
}
