package dev.moongate.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
  private static final URI PROXY = URI.create("http://user:secret@proxy.example:3128");

  @ParameterizedTest
  @CsvSource({
    "*,images.example.com,-1",
    "images.example.com,images.example.com,-1",
    "IMAGES.Example.com,images.EXAMPLE.com,8443",
    "example.com,images.example.com,-1",
    ".example.com,images.example.com,-1",
    ".example.com,example.com,-1",
    "*.example.com,images.example.com,-1",
    "example.com.,images.example.com,-1",
    "example.com,images.example.com.,-1",
    "example.com:443,images.example.com,-1",
    "example.com:8443,images.example.com,8443",
    "*:8443,images.example.com,8443",
    "10.1.2.3,10.1.2.3,-1",
    "10.1.2.3:443,10.1.2.3,443",
    "10.0.0.0/8,10.1.2.3,-1",
    "0.0.0.0/0,47.95.1.1,-1",
    "fd00::1,[fd00::1],-1",
    "[fd00::1],[fd00:0::1],-1",
    "[fd00::1]:443,[fd00::1],-1",
    "fd00::/8,[fd12::1],-1",
  })
  void anEntryOfTheListIsReachedDirectly(String entry, String host, int port) {
    assertThat(through(entry).usesProxy("https", host, port)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "images.example.com,example.com,-1",
    "ample.com,example.com,-1",
    "example.com:8443,example.com,-1",
    "example.com:443,example.com,8443",
    "10.0.0.0/8,11.1.2.3,-1",
    "10.0.0.0/8,10.example.com,-1",
    "10.1.2.3,110.1.2.3,-1",
    "2.3,10.1.2.3,-1",
    "10.0.0.0/99,10.1.2.3,-1",
    "10.0.0.0/x,10.1.2.3,-1",
    "/var/run/docker.sock,docker.sock,-1",
    ".,example.com,-1",
    "'',example.com,-1",
    "fd00::/8,10.1.2.3,-1",
    "https://example.com,example.com,-1",
  })
  void whatNoEntryCoversGoesThroughTheProxy(String entry, String host, int port) {
    assertThat(through(entry).usesProxy("https", host, port)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "127.0.0.1",
        "127.8.9.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.1"
      })
  void thisMachineIsNeverReachedThroughTheProxy(String host) {
    assertThat(new Egress(PROXY, List.of()).usesProxy("https", host, 8090)).isFalse();
  }

  @Test
  void httpIsNotAskedOfTheProxyForHttps() {
    assertThat(new Egress(PROXY, List.of()).usesProxy("http", "example.com", -1)).isFalse();
    assertThat(Egress.DIRECT.usesProxy("https", "example.com", -1)).isFalse();
  }

  @Test
  void thePasswordIsNotShown() {
    assertThat(new Egress(PROXY, List.of("a")).toString())
        .contains("proxy.example:3128")
        .doesNotContain("secret")
        .doesNotContain("user");
  }

  private static Egress through(String entry) {
    return new Egress(PROXY, List.of("other.test", entry));
  }
}
