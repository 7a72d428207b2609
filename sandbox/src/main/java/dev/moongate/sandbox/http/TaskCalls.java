package dev.moongate.sandbox.http;

import dev.moongate.sandbox.ask.ErrorTable;
import dev.moongate.sandbox.task.Journal;
import dev.moongate.sandbox.task.LiveTask;
import dev.moongate.sandbox.task.RateWindow;
import dev.moongate.sandbox.task.Tasks;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import dev.moongate.sandbox.word.Words;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The calls on one task: poll and cancel. */
final class TaskCalls {
  private final Tasks tasks;
  private final Journal journal;
  private final RateWindow rate;

  TaskCalls(Tasks tasks, Journal journal, RateWindow rate) {
    this.tasks = tasks;
    this.journal = journal;
    this.rate = rate;
  }

  void poll(Exchange exchange, String id, Linker linker) {
    Account.require(exchange.header("Authorization"));
    requireRate();
    Optional<LiveTask> found = tasks.find(id).filter(live -> !live.task().sync());
    if (found.isEmpty()) {
      unknown(exchange, id);
      return;
    }
    LiveTask live = found.orElseThrow();
    Words words = live.words();
    if (words.has(KnownWord.UNKNOWN) && live.count("unknown") < words.count(KnownWord.UNKNOWN)) {
      unknown(exchange, id);
      return;
    }
    Optional<Word> fault = live.use(KnownWord.POLL, "");
    ObjectNode answer = exchange.newAnswer();
    TaskShape.poll(answer, live, i -> linker.link(live, i));
    if (fault.isPresent()) {
      spoil(exchange, fault.orElseThrow().value(), answer);
    } else {
      exchange.answer(answer);
    }
  }

  private static void spoil(Exchange exchange, String fault, ObjectNode answer) {
    switch (fault) {
      case "429" -> throw ErrorTable.refusal("Throttling.RateQuota");
      case "500" -> throw ErrorTable.refusal("InternalError");
      case "503" -> throw ErrorTable.refusal("ModelUnavailable");
      case "html" -> exchange.html(502);
      case "reset" -> exchange.reset();
      case "truncate" -> exchange.truncated(answer);
      case "empty" -> exchange.empty(200);
      case "other" -> {
        if (answer.get("output") instanceof ObjectNode output) {
          output.put("task_id", "00000000-0000-4000-8000-000000000000");
        }
        exchange.answer(answer);
      }
      default -> {
        // "hang": nobody ever completes the exchange; it ends when the client leaves.
      }
    }
  }

  private static void unknown(Exchange exchange, String id) {
    ObjectNode answer = exchange.newAnswer();
    answer.putObject("output").put("task_id", id).put("task_status", "UNKNOWN");
    exchange.answer(answer);
  }

  void cancel(Exchange exchange, String id) {
    Account.require(exchange.header("Authorization"));
    Optional<LiveTask> found = tasks.find(id).filter(live -> !live.task().sync());
    if (found.isEmpty() || !tasks.tryCancel(found.orElseThrow())) {
      exchange.error(
          400,
          "UnsupportedOperation",
          "Failed to cancel the task, please confirm if the task is in PENDING status.");
      return;
    }
    journal.canceled(found.orElseThrow().task(), exchange.requestId());
    exchange.answer(exchange.newAnswer());
  }

  void requireRate() {
    if (!rate.tryTake()) {
      throw ErrorTable.refusal("Throttling.RateQuota");
    }
  }
}
