package dev.moongate.sandbox.http;

import dev.moongate.sandbox.ask.ErrorTable;
import dev.moongate.sandbox.ask.VendorError;
import dev.moongate.sandbox.task.LiveTask;
import dev.moongate.sandbox.task.Status;
import dev.moongate.sandbox.task.Task;
import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a task as the vendor shows it, in a poll and in a synchronous answer. */
final class TaskShape {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.of("Asia/Shanghai"));

  private TaskShape() {}

  /** Fills in what a poll shows. */
  static void poll(ObjectNode answer, LiveTask live, IntFunction<String> links) {
    Task task = live.task();
    if (task.status() == Status.FAILED) {
      failed(answer, live);
      return;
    }
    ObjectNode output = answer.putObject("output");
    output.put("task_id", task.id());
    output.put("task_status", shownStatus(live));
    output.put("submit_time", time(task.submitted()));
    put(output, "scheduled_time", task.scheduled());
    put(output, "end_time", task.ended());
    if (task.status() == Status.SUCCEEDED) {
      pictures(output, live, links);
      usage(answer, live);
      answer.put("sandbox", true);
    }
  }

  private static String shownStatus(LiveTask live) {
    Status status = live.task().status();
    return status == Status.RUNNING
        ? live.words().find(KnownWord.TASK_STATUS).map(Word::value).orElse(status.name())
        : status.name();
  }

  /** Fills in what a synchronous call answers in the end. */
  static void sync(ObjectNode answer, LiveTask live, IntFunction<String> links) {
    pictures(answer.putObject("output"), live, links);
    usage(answer, live);
    answer.put("sandbox", true);
  }

  private static void failed(ObjectNode answer, LiveTask live) {
    Word word = live.words().find(KnownWord.TASK_FAIL).orElseThrow();
    VendorError error = ErrorTable.refusal(word.value());
    answer.put("sandbox", true);
    if ("flat".equals(word.extra())) {
      answer.put("code", error.code());
      answer.put("message", error.text());
      return;
    }
    Task task = live.task();
    ObjectNode output = answer.putObject("output");
    output.put("task_id", task.id());
    output.put("task_status", "FAILED");
    output.put("submit_time", time(task.submitted()));
    put(output, "scheduled_time", task.scheduled());
    put(output, "end_time", task.ended());
    output.put("code", error.code());
    output.put("message", error.text());
  }

  private static void pictures(ObjectNode output, LiveTask live, IntFunction<String> links) {
    output.put("finished", true);
    if (live.words().has(KnownWord.NO_CHOICES)) {
      return;
    }
    Task task = live.task();
    boolean together = task.ask().sequential() || live.words().has(KnownWord.ONE_CHOICE);
    ArrayNode choices = output.putArray("choices");
    ArrayNode content = null;
    for (int i = 0; i < task.pictures(); i++) {
      if (content == null || !together) {
        content = choice(choices);
        if (i == 0 && live.words().has(KnownWord.TEXT_ITEM)) {
          content.addObject().put("type", "text").put("text", "A garden behind a moon gate.");
        }
      }
      int shown = live.words().has(KnownWord.DUPLICATE_LINK) ? 0 : i;
      content.addObject().put("type", "image").put("image", links.apply(shown));
    }
  }

  private static ArrayNode choice(ArrayNode choices) {
    ObjectNode choice = choices.addObject();
    choice.put("finish_reason", "stop");
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    return message.putArray("content");
  }

  private static void usage(ObjectNode answer, LiveTask live) {
    Task task = live.task();
    String fault = live.words().find(KnownWord.USAGE).map(Word::value).orElse("");
    if (fault.equals("missing")) {
      return;
    }
    int in = task.ask().inputImages() == 0 ? 720 : 9390 * task.ask().inputImages();
    int out = 2 * task.pictures();
    ObjectNode usage = answer.putObject("usage");
    switch (fault) {
      case "negative" -> usage.put("image_count", -1);
      case "string" -> usage.put("image_count", String.valueOf(task.pictures()));
      case "huge" -> usage.put("image_count", 1_000_000_000);
      default -> usage.put("image_count", task.pictures());
    }
    usage.put("input_tokens", in);
    usage.put("output_tokens", out);
    usage.put("size", task.ask().width() + "*" + task.ask().height());
    usage.put("total_tokens", in + out);
  }

  private static void put(ObjectNode output, String name, @Nullable Instant instant) {
    if (instant != null) {
      output.put(name, time(instant));
    }
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
