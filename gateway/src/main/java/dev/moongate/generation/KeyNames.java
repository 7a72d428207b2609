package dev.moongate.generation;

import dev.moongate.provider.ListedTask;
import java.util.List;
import java.util.Map;

/**
 * The provider's own names of an account's credentials, learnt from the listed tasks that attempts
 * of ours know.
 */
final class KeyNames {
  private final DoubtRows doubts;

  KeyNames(DoubtRows doubts) {
    this.doubts = doubts;
  }

  /**
   * What is known of them after a list was read, by our references to the credentials.
   *
   * @param known which of the listed tasks are ours, each with the credential of its attempt
   */
  Map<String, String> learn(String account, List<ListedTask> listed, Map<String, String> known) {
    Map<String, String> learnt = doubts.learnt(account);
    for (ListedTask task : listed) {
      String reference = known.get(task.taskId());
      String name = task.apiKeyId();
      if (reference != null && name != null && !name.equals(learnt.put(reference, name))) {
        doubts.learn(account, reference, name);
      }
    }
    return learnt;
  }
}
