package dev.moongate.http.images;

import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.DiskBudget;
import dev.moongate.http.body.MemoryBudget;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Catalogue;
import dev.moongate.store.DiskImageStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Reads and parses bodies with the shipped catalogue and a real store. */
final class BodyFixture {
  private final DiskImageStore store;
  private final BodyReader reader;
  private final Catalogue catalogue;

  BodyFixture(Path folder) throws IOException {
    store = new DiskImageStore(folder);
    reader =
        new BodyReader(
            store,
            32L << 20,
            192L << 20,
            new MemoryBudget(64L << 20),
            new DiskBudget(() -> Long.MAX_VALUE));
    try (InputStream yaml =
        Objects.requireNonNull(Catalogue.class.getResourceAsStream("/models.yaml"))) {
      catalogue = Catalogue.load(yaml);
    }
  }

  ImageRequest parse(String json) {
    return parse(json, false);
  }

  ImageRequest parse(String json, boolean lenient) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (ReceivedBody body = reader.read(new ByteArrayInputStream(bytes), bytes.length)) {
      ImageRequest request =
          GenerateBody.parse(
                  body,
                  catalogue,
                  new Usual(lenient, ResponseFormat.URL, null, Duration.ofHours(24)),
                  new GenerationContent(new InputMember(body, (_, _) -> Optional.empty())))
              .request();
      body.keepInputs(sha256 -> "inputs/" + sha256);
      return request;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] kept(String sha256) {
    try (InputStream in = store.find("inputs/" + sha256).orElseThrow().open(0)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
