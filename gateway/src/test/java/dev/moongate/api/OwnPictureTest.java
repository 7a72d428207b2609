package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pictures that the gateway made are edited from its store, by whoever's project they are. */
@Timeout(300)
class OwnPictureTest {
  private static final byte[] MADE = DashScopeScripts.png(320, 240, 5);

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    upstream.http().respond("/picture.png", StandInUpstream.bytes(200, "image/png", MADE));
    moongate = MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  /** A generation with one picture. */
  private record Made(String generation, String link) {
    String image() {
      Matcher matcher = Pattern.compile("img_[0-9a-f]{32}").matcher(link);
      assertThat(matcher.find()).isTrue();
      return matcher.group();
    }
  }

  private Made make() {
    Answer answer =
        moongate.generate(
            "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"link_expires_in\":1}");
    assertThat(answer.status()).isEqualTo(200);
    return new Made(
        answer.json().path("id").stringValue(), answer.json().at("/data/0/url").stringValue());
  }

  private static String editBody(String image) {
    return "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"images\":[{\"image_url\":\""
        + image
        + "\"}]}";
  }

  private static String generationBody(String image) {
    return "{\"model\":\"wan2.7-image-pro\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"image\":\""
        + image
        + "\"},{\"text\":\"x\"}]}]}}";
  }

  private void sentFromTheStore(Answer answer) {
    assertThat(answer.status())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    JsonNode body = JsonMapper.builder().build().readTree(upstream.tasks().getLast().body());
    assertThat(body.at("/input/messages/0/content/0/image").stringValue())
        .isEqualTo("data:image/png;base64," + Base64.getEncoder().encodeToString(MADE));
  }

  private String refused(Answer answer, String param) {
    assertThat(answer.error()).isEqualTo("400 invalid_image");
    assertThat(answer.param()).isEqualTo(param);
    return answer.json().at("/error/message").stringValue();
  }

  private List<Path> files(String folder) throws IOException {
    Path all = home.resolve("store").resolve(folder);
    if (!Files.exists(all)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(all)) {
      return files.toList();
    }
  }

  @Test
  void pictureIsNamedByItsLinkOrItsIdAtBothEndpoints() {
    Made made = make();
    List<String> names = new ArrayList<>(List.of(made.link(), "moongate:" + made.image()));
    names.add(made.link().replace("http://127.0.0.1", "http://localhost"));
    names.add(made.link().replaceFirst("\\?.*", ""));
    for (String name : names) {
      sentFromTheStore(moongate.post("/v1/images/edits", editBody(name)));
      sentFromTheStore(moongate.generate(generationBody(name)));
      sentFromTheStore(Form.edit().text("image", name).sendTo(moongate));
    }
  }

  @Test
  void linkWorksUnderAnyNameOfTheGatewayForAsLongAsThePictureIsThere() {
    Made made = make();
    String old = made.link().replaceFirst("http://[^/]*", "https://old.example.com/moon");
    sentFromTheStore(moongate.post("/v1/images/edits", editBody(old)));
    Await.until(
        "the link has expired",
        () -> moongate.get(made.link().substring(made.link().indexOf("/images"))).status() == 403);
    sentFromTheStore(moongate.post("/v1/images/edits", editBody(made.link())));
    sentFromTheStore(moongate.post("/v1/images/edits", editBody(old)));
  }

  @Test
  void addressWithAForgedSignatureIsSomebodyElses() {
    Made made = make();
    String forged =
        made.link()
            .replaceFirst("http://[^/]*", "https://example.com")
            .replaceFirst("signature=...", "signature=AAA");
    assertThat(moongate.post("/v1/images/edits", editBody(forged)).status()).isEqualTo(200);
    assertThat(upstream.tasks().getLast().body()).contains(forged);
  }

  @Test
  void pictureOfAnotherProjectIsLikeOneThatIsNotThere() {
    Made made = make();
    Answer project = moongate.admin("POST", "/projects", "{\"name\":\"other\"}");
    Answer key =
        moongate.admin(
            "POST",
            "/keys",
            "{\"name\":\"other\",\"project\":\"%s\"}"
                .formatted(project.json().path("id").stringValue()));
    String text = key.json().path("key").stringValue();
    int submits = upstream.submits();
    for (String name : List.of(made.link(), "moongate:" + made.image())) {
      String message =
          refused(
              moongate.call(text, "POST", "/v1/images/edits", editBody(name)),
              "images[0].image_url");
      String absent = "moongate:img_" + "0".repeat(32);
      assertThat(
              refused(
                  moongate.call(text, "POST", "/v1/images/edits", editBody(absent)),
                  "images[0].image_url"))
          .isEqualTo(message.replace(made.image(), "img_" + "0".repeat(32)));
      refused(
          moongate.call(text, "POST", "/v1/images/generations", generationBody(name)),
          "input.messages[0].content[0].image");
    }
    assertThat(upstream.submits()).isEqualTo(submits);
  }

  @Test
  void deletedPictureIsRefused() throws IOException {
    Made made = make();
    assertThat(moongate.delete("/v1/images/generations/" + made.generation()).status())
        .isEqualTo(200);
    assertThat(
            refused(
                moongate.post("/v1/images/edits", editBody(made.link())), "images[0].image_url"))
        .contains(made.image(), "deleted");
    assertThat(files(".tmp")).isEmpty();
    assertThat(files("inputs")).isEmpty();
  }

  @Test
  void whatIsNoIdIsRefused() {
    for (String name :
        List.of(
            "moongate:img_1",
            "moongate:../../etc/passwd",
            moongate.uri() + "/images/img_1.png",
            moongate.uri() + "/images/..%2fx.png?expires=1&signature=x")) {
      refused(moongate.post("/v1/images/edits", editBody(name)), "images[0].image_url");
    }
  }

  @Test
  void editKeepsItsPictureThoughTheSourceIsDeletedWhileItWaits() throws IOException {
    Made made = make();
    upstream.state("RUNNING");
    int before = upstream.submits();
    for (int i = 0; i < 5; i++) {
      moongate.generate(
          "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}", "Prefer", "respond-async");
    }
    Await.until("the account is full", () -> upstream.submits() == before + 5);
    String waiting =
        moongate
            .generate(generationBody(made.link()), "Prefer", "respond-async")
            .json()
            .path("id")
            .stringValue();
    assertThat(files("inputs")).hasSize(1);
    assertThat(moongate.delete("/v1/images/generations/" + made.generation()).status())
        .isEqualTo(200);
    upstream.state("SUCCEEDED");
    Answer ended = moongate.get("/v1/images/generations/" + waiting + "?wait=60");
    assertThat(ended.json().path("status").stringValue()).isEqualTo("succeeded");
    assertThat(upstream.tasks().getLast().body())
        .contains("data:image/png;base64," + Base64.getEncoder().encodeToString(MADE));
    Await.until(
        "the copy is gone",
        () -> {
          try {
            return files("inputs").isEmpty();
          } catch (IOException e) {
            return false;
          }
        });
  }

  @Test
  void sameRuleHoldsForOwnPicturesAsForAllOthers() {
    upstream
        .http()
        .respond(
            "/picture.png",
            StandInUpstream.bytes(200, "image/png", DashScopeScripts.png(100, 100, 5)));
    Made small = make();
    assertThat(
            refused(
                moongate.post("/v1/images/edits", editBody(small.link())), "images[0].image_url"))
        .contains("100x100");
  }
}
