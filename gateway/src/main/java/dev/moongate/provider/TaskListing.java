package dev.moongate.provider;

import java.time.Duration;
import java.util.List;

/** What a provider says about the tasks that it ran for an account of late. */
public sealed interface TaskListing {
  /** How far back a list is relied on: providers keep their tasks for 24 hours, by their clocks. */
  Duration REACH = Duration.ofHours(23);

  /** Every task of the account that was made since the asked moment, and perhaps older ones. */
  record Listed(List<ListedTask> tasks) implements TaskListing {
    public Listed {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * No list, or only a part of one, which proves nothing.
   *
   * @param why what asking again may be of use for
   */
  record Unlisted(String reason, Why why) implements TaskListing {
    /** Whether the provider said no, so that asking again is of little use. */
    public boolean refused() {
      return why == Why.REFUSED;
    }
  }

  /** Why there is no list. */
  enum Why {
    /** The question went wrong; the next may not. */
    BROKEN,
    /** The provider said no, and will say so again. */
    REFUSED,
    /** There are more tasks than are read; a list that begins later may be had. */
    TOO_LONG
  }
}
