package dev.moongate.sandbox.http;

import dev.moongate.sandbox.task.LiveTask;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import dev.moongate.sandbox.word.Words;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.node.ObjectNode;

/** The words that let a submit be accepted, and then spoil its answer. */
final class Spoiler {
  private final WordUses uses;
  private final AtomicReference<String> lastTaskId =
      new AtomicReference<>("00000000-0000-4000-8000-000000000000");

  Spoiler(WordUses uses) {
    this.uses = uses;
  }

  /** Spoils the answer before there is one, and says whether it did. */
  boolean spoilsAtOnce(Exchange exchange, LiveTask live) {
    Words words = live.words();
    String prompt = live.task().ask().prompt();
    if (uses.use(KnownWord.RESET_BEFORE_ANSWER, prompt, words).isPresent()) {
      exchange.reset();
      return true;
    }
    if (uses.use(KnownWord.HANG_BEFORE_ANSWER, prompt, words).isPresent()) {
      return true;
    }
    Optional<Word> html = uses.use(KnownWord.HTML_BEFORE_ANSWER, prompt, words);
    if (html.isPresent()) {
      exchange.html(html.orElseThrow().number());
      return true;
    }
    if (uses.use(KnownWord.EMPTY, prompt, words).isPresent()) {
      exchange.empty(200);
      return true;
    }
    return false;
  }

  /** Sends the answer, late, cut or with a wrong task id if the prompt says so. */
  void answer(Exchange exchange, LiveTask live, ObjectNode answer) {
    String prompt = live.task().ask().prompt();
    Words words = live.words();
    if (answer.get("output") instanceof ObjectNode output && output.has("task_id")) {
      spoilTaskId(output, live);
    }
    Runnable send =
        uses.use(KnownWord.TRUNCATE, prompt, words).isPresent()
            ? () -> exchange.truncated(answer)
            : () -> exchange.answer(answer);
    Optional<Word> late = uses.use(KnownWord.LATE, prompt, words);
    if (late.isPresent()) {
      long millis = words.duration(KnownWord.LATE).orElseThrow().toMillis();
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(send);
    } else {
      send.run();
    }
  }

  private void spoilTaskId(ObjectNode output, LiveTask live) {
    String id = live.task().id();
    String last = lastTaskId.getAndSet(id);
    String prompt = live.task().ask().prompt();
    boolean duplicate = uses.use(KnownWord.DUPLICATE_TASK_ID, prompt, live.words()).isPresent();
    String fault =
        duplicate
            ? "duplicate"
            : uses.use(KnownWord.TASK_ID, prompt, live.words()).map(Word::value).orElse("");
    switch (fault) {
      case "missing" -> output.remove("task_id");
      case "null" -> output.putNull("task_id");
      case "number" -> output.put("task_id", 4711);
      case "long" -> output.put("task_id", "a".repeat(10_240));
      case "path" -> output.put("task_id", "../" + id);
      case "duplicate" -> output.put("task_id", last);
      default -> {}
    }
  }
}
