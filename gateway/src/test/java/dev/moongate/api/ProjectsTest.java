package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Project;
import dev.moongate.auth.Role;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What belongs to one project is not there for another. */
@Timeout(300)
class ProjectsTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final String GENERATIONS = "/v1/images/generations";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Key others = Key.generate(new SecureRandom());
  private MoongateHarness moongate;

  @BeforeEach
  void start() throws IOException {
    moongate = MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC);
    Instant now = Clock.systemUTC().instant();
    try (HomeDatabase database = moongate.database()) {
      database
          .projects()
          .add(new Project("other", "default", "Other", 1, CallerLimits.NONE, now, null), "test");
      database
          .keys()
          .add(
              new KeyRow(
                  "key_other",
                  "default",
                  "other",
                  "other",
                  others.hash(),
                  others.lastFour(),
                  KeyTerms.of(Role.ADMIN),
                  "keys-add",
                  now,
                  null,
                  null,
                  null),
              "test");
    }
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private Answer asOther(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(moongate.uri().resolve(path))
            .header("Authorization", "Bearer " + others.text())
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return moongate.send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  void generationOfAnotherProjectIsNotThereWhateverTheKeyMay() {
    String id = moongate.generate(BODY).json().path("id").stringValue();
    String address = GENERATIONS + "/" + id;
    assertThat(asOther("GET", address, "").error()).isEqualTo("404 not_found");
    assertThat(asOther("GET", address + "?wait=1", "").error()).isEqualTo("404 not_found");
    assertThat(asOther("POST", address + "/cancel", "").error()).isEqualTo("404 not_found");
    assertThat(asOther("DELETE", address, "").error()).isEqualTo("404 not_found");
    assertThat(asOther("GET", GENERATIONS, "").json().path("data")).isEmpty();
    assertThat(moongate.get(address).json().path("status").stringValue()).isEqualTo("succeeded");
  }

  @Test
  void sameIdempotencyKeyInAnotherProjectIsAnotherGeneration() {
    Answer first = moongate.generate(BODY, "Idempotency-Key", "order-1");
    Answer other = asOther("POST", GENERATIONS, BODY, "Idempotency-Key", "order-1");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.header("Idempotent-Replayed")).isNull();
    assertThat(other.json().path("id")).isNotEqualTo(first.json().path("id"));
    assertThat(upstream.submits()).isEqualTo(2);
  }
}
