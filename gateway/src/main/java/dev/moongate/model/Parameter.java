package dev.moongate.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member that a model understands, described well enough to draw a form from.
 *
 * @param type {@code string}, {@code integer}, {@code boolean}, {@code object} or {@code array}
 * @param standard what holds if it is left out, as JSON; null if nothing does or it depends
 * @param min of a number, inclusive; of a list, in items
 * @param max of a number, inclusive; of a text, in code points; of a list, in items
 * @param choices the words it may be, or the usual ones where others are possible too
 * @param condition when it may be given, has an effect, or has another range; null if always the
 *     same
 */
public record Parameter(
    String name,
    String type,
    @Nullable String standard,
    @Nullable Long min,
    @Nullable Long max,
    List<String> choices,
    String description,
    @Nullable String condition) {
  public Parameter {
    choices = List.copyOf(choices);
  }
}
