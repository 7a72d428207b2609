package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.StandInUpstream.Handler;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk before the next thing is done, as seen from whom it is done to. */
@Timeout(300)
class OnDiskFirstTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final byte[] PICTURE = png(10, 10, 5);

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
    delivering(upstream, PICTURE);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  /** Notes what the database says at the moment of a request, then answers. */
  private Handler noting(String sql, Handler answer) {
    return (request, reply) -> {
      seen.addAll(moongate.rows(sql));
      answer.handle(request, reply);
    };
  }

  @Test
  void intentIsOnDiskWhenTheSubmitArrives() {
    upstream.respond(
        ASYNC,
        noting(
            """
            SELECT g.state, a.outcome, a.account FROM attempt a
            JOIN generation g ON g.id = a.generation_id AND g.attempts = a.no
            """,
            accepted()));
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(seen).containsExactly("DISPATCHING|INTENT|beijing");
  }

  @Test
  void taskIdIsOnDiskWhenTheFirstPollArrives() {
    String done = succeeded(List.of(upstream.url("/picture-0.png")));
    upstream.respond(TASK, noting("SELECT state, task FROM generation", json(200, done)));
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(seen).containsExactly("SUBMITTED|task-1");
  }

  @Test
  void linksAndCostAreOnDiskAndNoChargeWhenTheFirstPictureIsFetched() {
    upstream.respond(
        "/picture-0.png",
        noting(
            """
            SELECT upstream_link FROM image UNION ALL SELECT kind FROM ledger
            """,
            bytes(200, "image/png", PICTURE)));
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(seen)
        .containsExactlyInAnyOrder(
            upstream.url("/picture-0.png?Expires=1&Signature=abc"), "HOLD", "COST");
  }

  @Test
  void pictureThatCannotBeStoredIsNotChargedUntilItCan() throws Exception {
    Path inTheWay = Files.writeString(home.resolve("store/images"), "not a folder");
    CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
    Await.until("its pictures are made", () -> answer.isDone() || !fetching().isEmpty());
    long first = Long.parseLong(fetching().getFirst());
    Await.until(
        "it was tried twice",
        () -> answer.isDone() || Long.parseLong(fetching().getFirst()) >= first + 2);
    assertThat(answer).isNotDone();
    assertThat(moongate.rows("SELECT 1 FROM ledger WHERE kind = 'CHARGE'")).isEmpty();
    Files.delete(inTheWay);
    String link = answer.join().json().path("data").path(0).path("url").stringValue();
    Answer picture = moongate.send(HttpRequest.newBuilder(URI.create(link)));
    assertThat(picture.bytes()).isEqualTo(PICTURE);
    assertThat(moongate.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'"))
        .containsExactly("500000");
  }

  /** The epoch of the generation whose pictures are being fetched; each try in vain adds 1. */
  private List<String> fetching() {
    return moongate.rows("SELECT epoch FROM generation WHERE state = 'FETCHING'");
  }
}
