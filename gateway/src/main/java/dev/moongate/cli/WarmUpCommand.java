package dev.moongate.cli;

import dev.moongate.Gateway;
import dev.moongate.settings.Flags;
import dev.moongate.settings.SettingsReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code moongate warm-up DIR}: starts on any port, asks itself whether it is ready, and ends. The
 * launcher runs it once after a build while the JVM takes down which classes a start needs; with
 * that list later starts are twice as fast.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR")
  private Path home = Path.of("");

  @Override
  public Integer call() throws IOException, InterruptedException {
    var settings =
        new SettingsReader(Map.of(), home).read(new Flags("0", null, null, null, null, false));
    try (Gateway gateway = Gateway.start(settings, Moongate.clock());
        HttpClient client = HttpClient.newHttpClient()) {
      Banner.text(settings, gateway.port(), null, false);
      HttpRequest ready =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/models"))
              .header("Authorization", "Bearer nobody")
              .build();
      return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 401 ? 0 : 1;
    }
  }
}
