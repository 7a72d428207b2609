package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import dev.moongate.auth.Role;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code moongate try "a flower shop"}: makes a picture through the running gateway and saves it.
 */
@Command(
    name = "try",
    mixinStandardHelpOptions = true,
    description = "Makes a picture through the running gateway and saves it.")
final class TryCommand implements Callable<Integer> {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private TryOptions wish;

  @Option(names = "--port", paramLabel = "N", description = "port of the gateway (8080)")
  private @Nullable Integer port;

  @Option(names = "--host", paramLabel = "HOST", description = "host of the gateway (127.0.0.1)")
  private @Nullable String host;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private HomeOptions home;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = ".", description = "where to save")
  private Path out = Path.of(".");

  @Override
  public Integer call() throws Exception {
    String given = Moongate.environment().get("MOONGATE_API_KEY");
    if (given != null && !given.isBlank()) {
      return run(given);
    }
    Path folder = home.home();
    if (home.database() == null && !folder.resolve("moongate.db").toFile().exists()) {
      throw new CliException(
          "There is no gateway's home at %s. Start one with ./moongate, name its --home, or set MOONGATE_API_KEY."
              .formatted(folder));
    }
    // Whoever may read the home may make keys: a short-lived one, for this picture only.
    KeyMaker maker = new KeyMaker(new SecureRandom(), Moongate.clock());
    Key key = maker.newKey();
    Keys.KeyRow row =
        maker.row(
            key,
            "try",
            KeyTerms.of(Role.MEMBER),
            "try",
            Moongate.clock().instant().plus(Duration.ofHours(1)));
    try (HomeDatabase database = home.open()) {
      database.keys().add(row, "cli");
      try {
        return run(key.text());
      } finally {
        database.keys().disable(row.id(), "cli");
      }
    }
  }

  private int run(String key) throws IOException, InterruptedException {
    PrintWriter console = spec.commandLine().getOut();
    long begun = System.nanoTime();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base() + "/v1/images/generations"))
              .timeout(Duration.ofMinutes(5))
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      MAPPER.writeValueAsString(wish.body().put("response_format", "url"))))
              .build();
      HttpResponse<String> response =
          await(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()), console, begun);
      JsonNode answer = parsed(response);
      if (response.statusCode() != 200) {
        JsonNode error = answer.path("error");
        throw new CliException(
            "Refused (%d %s): %s"
                .formatted(
                    response.statusCode(),
                    error.path("code").asString("?"),
                    error.path("message").asString("no message")));
      }
      console.printf(
          "%.1f s, %s%n",
          (System.nanoTime() - begun) / 1e9,
          response.headers().firstValue("x-moongate-cost").orElse("cost unknown"));
      for (JsonNode warning : answer.path("warnings")) {
        console.println("note: " + warning.path("message").asString(""));
      }
      save(client, answer, console);
    }
    return 0;
  }

  private void save(HttpClient client, JsonNode answer, PrintWriter console)
      throws IOException, InterruptedException {
    SavedPictures files = new SavedPictures(out, wish.prompt());
    int count = answer.path("data").size();
    for (int i = 0; i < count; i++) {
      String link = answer.path("data").path(i).path("url").asString("");
      // Told first: it is paid for, whatever comes of saving it.
      console.println("link  " + link);
      console.flush();
      console.println("saved " + save(client, link, files.next(i, count)));
    }
    console.flush();
  }

  private Path save(HttpClient client, String link, Path file)
      throws IOException, InterruptedException {
    // From the gateway itself: a public URL may lead here only from elsewhere.
    String path = link.substring(Math.max(0, link.lastIndexOf("/images/")));
    HttpResponse<InputStream> picture =
        client.send(
            HttpRequest.newBuilder(URI.create(base() + path)).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = picture.body()) {
      if (picture.statusCode() != 200) {
        throw new CliException(
            "%s answered %d for the picture".formatted(base(), picture.statusCode()));
      }
      Files.copy(body, file);
      return file;
    } catch (IOException e) {
      throw new CliException("The picture could not be saved: " + e);
    }
  }

  private HttpResponse<String> await(
      CompletableFuture<HttpResponse<String>> answer, PrintWriter console, long begun)
      throws InterruptedException {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    while (true) {
      try {
        HttpResponse<String> response = answer.get(1, TimeUnit.SECONDS);
        if (terminal) {
          console.print("\r                                \r");
        }
        return response;
      } catch (TimeoutException e) {
        if (terminal) {
          console.printf("\rworking, %d s ", (System.nanoTime() - begun) / 1_000_000_000L);
          console.flush();
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ConnectException) {
          throw new CliException("There is no gateway at " + base() + "; start it with ./moongate");
        }
        throw new CliException("The gateway did not answer: " + e.getCause());
      }
    }
  }

  private static JsonNode parsed(HttpResponse<String> response) {
    try {
      return MAPPER.readTree(response.body());
    } catch (tools.jackson.core.JacksonException e) {
      throw new CliException("What answers there is no Moongate: status " + response.statusCode());
    }
  }

  private String base() {
    String name = host == null ? Moongate.environment().get("MOONGATE_HOST") : host;
    int at = port != null ? port : port(Moongate.environment().get("MOONGATE_PORT"));
    return "http://" + (name == null || name.equals("0.0.0.0") ? "127.0.0.1" : name) + ":" + at;
  }

  static int port(@Nullable String variable) {
    if (variable == null || variable.isBlank()) {
      return 8080;
    }
    if (!variable.matches("[0-9]{1,5}")) {
      throw new CliException("MOONGATE_PORT is %s; it must be a port".formatted(variable));
    }
    return Integer.parseInt(variable);
  }
}
