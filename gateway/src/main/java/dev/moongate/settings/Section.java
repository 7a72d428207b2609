package dev.moongate.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of moongate.yaml while it is read: remembers which keys were asked for, so that the
 * others can be named.
 */
final class Section {
  private final String path;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();
  private final Problems problems;
  private final Substitution substitution;

  Section(String path, @Nullable Node node, Problems problems, Substitution substitution) {
    this.path = path;
    this.problems = problems;
    this.substitution = substitution;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::read);
    } else if (node != null) {
      problems.at(line(node), path, "must be a mapping of keys to values");
    }
  }

  private void read(NodeTuple tuple) {
    int line = line(tuple.getKeyNode());
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems.at(line, path, "has a key that is no text");
    } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
      problems.at(line, child(key.getValue()), "stands here twice");
    } else {
      lines.put(key.getValue(), line);
    }
  }

  /**
   * A text value, with {@code ${...}} put in; empty if the key is missing or was wrong, which is
   * then reported.
   */
  Optional<String> text(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key)).flatMap(node -> scalar(key, node));
  }

  /**
   * A text value turned into something; a message of {@code parse}'s IllegalArgumentException
   * becomes a problem.
   */
  <T> Optional<T> value(String key, Function<String, T> parse) {
    return text(key)
        .flatMap(text -> {
          try {
            return Optional.of(parse.apply(text));
          } catch (IllegalArgumentException e) {
            problems.at(lines.getOrDefault(key, 0), child(key), String.valueOf(e.getMessage()));
            return Optional.empty();
          }
        });
  }

  /** A duration within bounds. */
  Optional<Duration> within(String key, Duration least, Duration most) {
    return value(key, text -> Values.within(text, least, most));
  }

  /** Every key that stands here, in its order. */
  List<String> keys() {
    return List.copyOf(values.keySet());
  }

  Section section(String key) {
    known.add(key);
    return new Section(child(key), values.get(key), problems, substitution);
  }

  /** The mappings of a list. */
  List<Section> sections(String key) {
    known.add(key);
    List<Section> sections = new ArrayList<>();
    for (Node item : items(key)) {
      String name = child(key) + "[" + sections.size() + "]";
      sections.add(new Section(name, item, problems, substitution));
    }
    return sections;
  }

  /** The texts of a list. */
  List<String> texts(String key) {
    return values(key, text -> text);
  }

  /** The texts of a list, each turned into something, as {@link #value} does. */
  <T> List<T> values(String key, Function<String, T> parse) {
    known.add(key);
    List<T> parsed = new ArrayList<>();
    int index = 0;
    for (Node item : items(key)) {
      String name = key + "[" + index++ + "]";
      try {
        scalar(name, item).map(parse).ifPresent(parsed::add);
      } catch (IllegalArgumentException e) {
        problems.at(line(item), child(name), String.valueOf(e.getMessage()));
      }
    }
    return parsed;
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** Whether there is a list with something in it, readable or not. */
  boolean hasItems(String key) {
    return values.get(key) instanceof SequenceNode sequence && !sequence.getValue().isEmpty();
  }

  void problem(String key, String message) {
    problems.at(lines.getOrDefault(key, 0), child(key), message);
  }

  /** To be called last: every key that nobody asked for is a mistake. */
  void refuseUnknown() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        problems.at(lines.getOrDefault(key, 0), child(key), Suggestion.unknown(key, known));
      }
    }
  }

  private List<Node> items(String key) {
    Node node = values.get(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problems.at(line(node), child(key), "must be a list");
    return List.of();
  }

  private Optional<String> scalar(String key, Node node) {
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().getValue().endsWith(":null")) {
      problems.at(line(node), child(key), "must have a single value");
      return Optional.empty();
    }
    try {
      return Optional.of(substitution.apply(scalar.getValue()));
    } catch (IllegalArgumentException e) {
      problems.at(line(node), child(key), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
