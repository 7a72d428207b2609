package dev.moongate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real gateway in front of its sandbox, on any port, for as long as one test class runs. Register
 * it as a static extension. Put {@link #QUICK} into prompts, and a word of the test's own where it
 * counts what its request cost.
 */
public final class SandboxGateway implements BeforeAllCallback, AfterAllCallback {
  /** For prompts: the sandbox's picture is there at once. */
  public static final String QUICK = " sandbox:delay=50ms";

  private Path home;
  private MoongateHarness moongate;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    home = Files.createTempDirectory("moongate");
    moongate = MoongateHarness.sandbox(home);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    moongate.close();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Without a path, such as {@code http://127.0.0.1:4711}. */
  public String uri() {
    return moongate.uri().toString();
  }

  /** What OpenAI's SDKs call the base URL. */
  public String v1() {
    return uri() + "/v1";
  }

  /** What they call the API key. */
  public String key() {
    return moongate.key().text();
  }

  /** A new key with this member, written with single quotes. */
  public String key(String member) {
    String body = "{\"name\":\"a client\",%s}".formatted(member.replace('\'', '"'));
    return moongate.admin("POST", "/keys", body).json().path("key").stringValue();
  }

  /** What the sandbox accepted so far, each of which a vendor would bill. */
  public List<SandboxJournal.Submit> submits() throws IOException {
    return SandboxJournal.submits(home.resolve("sandbox"));
  }

  /** The same gateway, for what a test asks or sends itself. */
  public MoongateHarness moongate() {
    return moongate;
  }
}
