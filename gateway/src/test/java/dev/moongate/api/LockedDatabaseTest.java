package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.error.GatewayException;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Attempts;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.TaskUpstream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Another process holds SQLite's write lock for longer than a write waits. */
@Timeout(300)
@DisabledIfSystemProperty(named = "moongate.test.database", matches = "postgresql")
class LockedDatabaseTest {
  @TempDir private Path home;
  private final CountDownLatch failed = new CountDownLatch(1);

  private GenerationRows watched(GenerationRows rows) {
    return (GenerationRows)
        Proxy.newProxyInstance(
            GenerationRows.class.getClassLoader(),
            new Class<?>[] {GenerationRows.class},
            (_, method, arguments) -> {
              try {
                return method.invoke(rows, arguments);
              } catch (InvocationTargetException e) {
                if (method.getName().equals("accepted")
                    && e.getCause() instanceof GatewayException) {
                  failed.countDown();
                }
                throw e.getCause();
              }
            });
  }

  @Test
  void aTaskThatWasAcceptedMeanwhileIsWrittenAfterwards() throws Exception {
    String url = "jdbc:sqlite:" + home.resolve("moongate.db");
    try (TaskUpstream upstream = new TaskUpstream();
        MoongateHarness moongate =
            MoongateHarness.seamed(
                home,
                List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
                Clock.systemUTC(),
                this::watched,
                UnaryOperator.identity());
        Connection other = DriverManager.getConnection(url)) {
      upstream
          .http()
          .respond(
              DashScopeScripts.ASYNC,
              (request, reply) -> {
                other.createStatement().executeUpdate("BEGIN IMMEDIATE");
                upstream.submit(request, reply);
              });
      CompletableFuture<Answer> answer =
          CompletableFuture.supplyAsync(
              () -> moongate.generate("{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}"));
      assertThat(failed.await(120, TimeUnit.SECONDS)).isTrue();
      other.createStatement().executeUpdate("ROLLBACK");
      assertThat(answer.get().status()).isEqualTo(200);
      assertThat(upstream.submits()).isEqualTo(1);
      assertThat(Attempts.of(moongate, "outcome, task")).containsExactly("SUCCEEDED|task-1");
    }
  }
}
