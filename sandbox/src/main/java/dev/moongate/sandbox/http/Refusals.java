package dev.moongate.sandbox.http;

import dev.moongate.sandbox.ask.ErrorTable;
import dev.moongate.sandbox.ask.VendorError;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import dev.moongate.sandbox.word.Words;
import java.util.Map;
import java.util.Optional;

/** The words that keep a submit from being accepted. */
final class Refusals {
  private static final Map<KnownWord, String> FIXED =
      Map.of(KnownWord.ARREARS, "Arrearage", KnownWord.BAD_KEY, "InvalidApiKey");

  private final WordUses uses;

  Refusals(WordUses uses) {
    this.uses = uses;
  }

  /** Throws what the vendor would say, or answers in a way of its own and says true. */
  boolean refuses(Exchange exchange, String prompt, Words words) {
    words
        .find(KnownWord.RETRY_AFTER)
        .ifPresent(word -> exchange.response().getHeaders().put("Retry-After", word.value()));
    refuseWithCode(prompt, words);
    Optional<Word> html = uses.use(KnownWord.HTML, prompt, words);
    if (html.isPresent()) {
      exchange.html(html.orElseThrow().number());
      return true;
    }
    if (uses.use(KnownWord.RESET, prompt, words).isPresent()) {
      exchange.reset();
      return true;
    }
    if (uses.use(KnownWord.HANG, prompt, words).isPresent()) {
      return true;
    }
    exchange.response().getHeaders().remove("Retry-After");
    return false;
  }

  private void refuseWithCode(String prompt, Words words) {
    Optional<Word> fail = uses.use(KnownWord.FAIL, prompt, words);
    if (fail.isPresent()) {
      throw ErrorTable.refusal(fail.orElseThrow().value());
    }
    if (words.has(KnownWord.THROTTLE)
        && uses.count(KnownWord.THROTTLE, prompt) < words.count(KnownWord.THROTTLE)) {
      throw ErrorTable.refusal("Throttling.RateQuota");
    }
    FIXED.forEach((word, code) -> {
      if (uses.use(word, prompt, words).isPresent()) {
        throw ErrorTable.refusal(code);
      }
    });
    Optional<Word> http = uses.use(KnownWord.HTTP, prompt, words);
    if (http.isPresent()) {
      int status = http.orElseThrow().number();
      VendorError usual = ErrorTable.refusal(ErrorTable.codeOf(status));
      throw new VendorError(status, usual.code(), usual.text());
    }
  }
}
