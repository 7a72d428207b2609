package dev.moongate.sandbox.word;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every test word there is, with the values it takes. docs/sandbox.md tells what each does. */
public enum KnownWord {
  DELAY("delay", Value.DURATION),
  PENDING("pending", Value.DURATION),
  FAIL("fail", Value.CODE),
  THROTTLE("throttle", Value.COUNT),
  ARREARS("arrears", Value.NONE),
  BAD_KEY("bad-key", Value.NONE),
  HTTP("http", Value.STATUS),
  HTML("html", Value.STATUS),
  RESET("reset", Value.NONE),
  HANG("hang", Value.NONE),
  RETRY_AFTER("retry-after", Value.ANY),
  RESET_BEFORE_ANSWER("reset-before-answer", Value.NONE),
  HANG_BEFORE_ANSWER("hang-before-answer", Value.NONE),
  HTML_BEFORE_ANSWER("html-before-answer", Value.STATUS),
  LATE("late", Value.DURATION),
  TRUNCATE("truncate", Value.NONE),
  EMPTY("empty", Value.NONE),
  TASK_ID("task-id", "missing", "null", "number", "long", "path", "duplicate"),
  DUPLICATE_TASK_ID("duplicate-task-id", Value.NONE),
  TASK_FAIL("task-fail", Value.CODE_AND_FORM),
  TASK_CANCEL("task-cancel", Value.NONE),
  TASK_STATUS("task-status", Value.CODE),
  UNKNOWN("unknown", Value.COUNT),
  POLL("poll", "429", "500", "503", "html", "reset", "truncate", "empty", "other", "hang"),
  FEWER("fewer", Value.COUNT),
  TEXT_ITEM("text-item", Value.NONE),
  NO_CHOICES("no-choices", Value.NONE),
  ONE_CHOICE("one-choice", Value.NONE),
  DUPLICATE_LINK("duplicate-link", Value.NONE),
  USAGE("usage", "missing", "negative", "string", "huge"),
  LINK_TO("link-to", Value.ANY),
  LINK(
      "link",
      "404",
      "403",
      "500",
      "reset",
      "slow",
      "hang",
      "html",
      "truncated",
      "empty",
      "wrong-type",
      "redirect");

  private enum Value {
    NONE("no value", Pattern.compile("")),
    DURATION("like 5s or 300ms", Pattern.compile("[0-9]{1,6}(ms|s|m|h)")),
    COUNT("a number", Pattern.compile("[0-9]{1,6}")),
    STATUS("a status", Pattern.compile("[2-5][0-9]{2}")),
    CODE("a code", Pattern.compile("[A-Za-z_][A-Za-z._]*")),
    CODE_AND_FORM("a code, then flat or nested", Pattern.compile("[A-Za-z_][A-Za-z._]*")),
    ANY("a value", Pattern.compile(".+"));

    final String hint;
    final Pattern pattern;

    Value(String hint, Pattern pattern) {
      this.hint = hint;
      this.pattern = pattern;
    }
  }

  private final String spelling;
  private final @Nullable Value value;

  /** Between commas, because an enum holds nothing that could change. */
  private final String choices;

  KnownWord(String spelling, Value value) {
    this.spelling = spelling;
    this.value = value;
    this.choices = "";
  }

  KnownWord(String spelling, String... choices) {
    this.spelling = spelling;
    this.value = null;
    this.choices = String.join(", ", choices);
  }

  public String spelling() {
    return spelling;
  }

  /** Whether the text after the equals sign fits; empty stands for none. */
  boolean takes(String text, @Nullable String extra) {
    if (extra != null
        && (value != Value.CODE_AND_FORM || !(extra.equals("flat") || extra.equals("nested")))) {
      return false;
    }
    return value == null
        ? List.of(choices.split(", ")).contains(text)
        : value.pattern.matcher(text).matches();
  }

  String hint() {
    return value == null ? "one of " + choices : value.hint;
  }

  boolean commaIsText() {
    return value == Value.ANY;
  }
}
