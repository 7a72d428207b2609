package dev.moongate.sandbox.http;

import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import dev.moongate.sandbox.word.Words;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Counts how often a word acted on submits of one and the same prompt, since the start. */
final class WordUses {
  private final Map<String, Integer> uses = new ConcurrentHashMap<>();

  /** The word, if the prompt has it and it has not acted often enough; counts this use. */
  Optional<Word> use(KnownWord word, String prompt, Words words) {
    return words.find(word).filter(found -> found.acts(count(word, prompt)));
  }

  int count(KnownWord word, String prompt) {
    return uses.merge(word.name() + ' ' + prompt, 1, Integer::sum) - 1;
  }
}
