package dev.moongate.provider.dashscope;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.CallOutcome;
import dev.moongate.provider.CallOutcome.Answered;
import dev.moongate.provider.CallOutcome.Broken;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.Pace;
import dev.moongate.provider.TaskListing;
import dev.moongate.provider.TaskListing.Listed;
import dev.moongate.provider.TaskListing.Unlisted;
import dev.moongate.provider.TaskListing.Why;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the vendor's list of tasks ("Asynchronous task management API", seen 2026-11-24), page by
 * page. It names no span of time: the zone of the two query times is documented nowhere, and a span
 * that misses the task that is looked for would prove that it does not exist. Without them the
 * vendor lists the last 24 hours.
 */
final class TaskLister {
  /** Ten times what the vendor's own limits let an account make in a day; a list without an end. */
  private static final int MOST_PAGES = 3_000;

  /** The largest page that the vendor gives out is not documented; 10 is what it gives unasked. */
  private static final List<Integer> PAGE_SIZES = List.of(100, 10);

  private final JsonMapper json;
  private final BiFunction<String, ApiKey, CallOutcome> get;

  /**
   * @param get asks for a path below the API's base
   */
  TaskLister(JsonMapper json, BiFunction<String, ApiKey, CallOutcome> get) {
    this.json = json;
    this.get = get;
  }

  TaskListing list(@Nullable Instant since, ApiKey key, Pace pace) {
    TaskListing listing = list(since, key, pace, PAGE_SIZES.getFirst());
    return listing instanceof Unlisted unlisted && unlisted.refused()
        ? list(since, key, pace, PAGE_SIZES.getLast())
        : listing;
  }

  private TaskListing list(@Nullable Instant since, ApiKey key, Pace pace, int size) {
    // A task that is made between two pages moves the last one of a page on to the next.
    Map<String, ListedTask> tasks = new LinkedHashMap<>();
    long total = 0;
    for (int number = 1; number <= MOST_PAGES; number++) {
      String path = "/tasks/?page_no=%d&page_size=%d".formatted(number, size);
      CallOutcome outcome = pace.next(() -> get.apply(path, key));
      switch (outcome) {
        case Broken broken -> {
          return new Unlisted(broken.reason(), Why.BROKEN);
        }
        case Answered answered -> {
          TaskList page = page(answered);
          if (page == null) {
            return new Unlisted("status " + answered.status(), why(answered.status()));
          }
          page.tasks().forEach(task -> tasks.put(task.taskId(), task));
          if (number == 1 && page.total() != null) {
            total = page.total();
          }
          if (endsBefore(page.tasks(), since)) {
            return new Listed(List.copyOf(tasks.values()));
          }
          if (number >= page.pages()) {
            return whole(tasks, total);
          }
        }
      }
    }
    return new Unlisted("more than " + MOST_PAGES + " pages", Why.TOO_LONG);
  }

  /** What comes in while the pages are read makes them more than the first page said, not fewer. */
  private static TaskListing whole(Map<String, ListedTask> tasks, long total) {
    return tasks.size() < total
        ? new Unlisted("%d of %d tasks".formatted(tasks.size(), total), Why.BROKEN)
        : new Listed(List.copyOf(tasks.values()));
  }

  private @Nullable TaskList page(Answered answered) {
    return answered.status() == 200 && !answered.encoded()
        ? TaskList.parse(json, answered.body().bytes())
        : null;
  }

  private static Why why(int status) {
    boolean refused = status == 200 || (status >= 400 && status < 500 && status != 429);
    return refused ? Why.REFUSED : Why.BROKEN;
  }

  /** Whether the page runs from newer to older and has passed the moment that is of interest. */
  private static boolean endsBefore(List<ListedTask> page, @Nullable Instant since) {
    Instant last = Instant.MAX;
    for (ListedTask task : page) {
      Instant created = task.created();
      if (created == null || created.isAfter(last)) {
        return false;
      }
      last = created;
    }
    return since != null && page.size() > 1 && last.isBefore(since);
  }
}
