package dev.moongate.provider;

import java.util.List;

/** What a provider says about the tasks that it ran for an account of late. */
public sealed interface TaskListing {
  /** Every task of the account that was made since the asked moment, and perhaps older ones. */
  record Listed(List<ListedTask> tasks) implements TaskListing {
    public Listed {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * No list, or only a part of one, which proves nothing.
   *
   * @param refused whether the provider said no, so that asking again is of little use
   */
  record Unlisted(String reason, boolean refused) implements TaskListing {}
}
