package dev.moongate.sandbox.task;

import dev.moongate.sandbox.word.KnownWord;
import dev.moongate.sandbox.word.Word;
import dev.moongate.sandbox.word.Words;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** A task in memory: its latest state, its words, and how often each word has acted on it. */
public final class LiveTask {
  final ReentrantLock lock = new ReentrantLock();
  final CompletableFuture<Task> end = new CompletableFuture<>();
  boolean painting;
  boolean painted;
  boolean timer;
  private final Words words;
  private final Map<String, Integer> uses = new HashMap<>();
  private volatile Task task;

  LiveTask(Task task) {
    this.task = task;
    this.words = Words.read(task.ask().prompt());
    if (task.status().ended()) {
      end.complete(task);
    }
  }

  public Task task() {
    return task;
  }

  void become(Task next) {
    task = next;
  }

  public Words words() {
    return words;
  }

  /** Waits for the end; completes on the thread that ends the task. */
  public CompletableFuture<Task> end() {
    return end;
  }

  /** The word, if the prompt has it and it has not acted as often as it should under this name. */
  public Optional<Word> use(KnownWord word, String under) {
    return words.find(word).filter(found -> found.acts(count(word.spelling() + under)));
  }

  /** How often this was called before with the same name. */
  public synchronized int count(String name) {
    return uses.merge(name, 1, Integer::sum) - 1;
  }
}
