package dev.moongate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One of the requirements of clients that no test can wait for; the others are in api/clients. */
class KeepAliveTest {
  @Test
  void requirement34_idleConnectionsOutliveThePoolsOfClients() {
    Duration okHttp = Duration.ofMinutes(5);
    Duration jdk17 = Duration.ofMinutes(20);
    assertThat(Server.KEEP_ALIVE).isGreaterThan(okHttp).isGreaterThan(jdk17);
  }
}
