package dev.moongate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a sandbox was asked for: each submit that it accepted is one that a vendor would bill. */
public final class SandboxJournal {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SandboxJournal() {}

  /** An accepted submit; equal requests have equal bodies. */
  public record Submit(String task, String body) {}

  /**
   * All accepted submits, oldest first.
   *
   * @param home of the sandbox
   */
  public static List<Submit> submits(Path home) throws IOException {
    List<Submit> submits = new ArrayList<>();
    String written = Files.readString(home.resolve("journal.jsonl"));
    // The last line may be on its way.
    String whole = written.substring(0, written.lastIndexOf('\n') + 1);
    for (String line : whole.lines().toList()) {
      JsonNode event = JSON.readTree(line);
      if (event.path("event").asString("").equals("submit")) {
        submits.add(
            new Submit(event.path("task_id").asString(""), event.path("body_sha256").asString("")));
      }
    }
    return submits;
  }
}
