package dev.moongate.http.images;

import dev.moongate.generation.Generation;
import dev.moongate.generation.Generation.Picture;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.StoredImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Answers with all pictures of a generation that has ended well, in one JSON text. */
final class ImagesAnswer {
  private final PictureBytes pictures;
  private final LinkBase links;
  private final GenerationView view;

  ImagesAnswer(PictureBytes pictures, LinkBase links, GenerationView view) {
    this.pictures = pictures;
    this.links = links;
    this.view = view;
  }

  void write(Exchange exchange, Generation generation) throws IOException {
    Map<Integer, String> signed = view.links(links.base(exchange), generation);
    Answer answer =
        new Answer()
            .text(
                "{\"id\":%s,\"created\":%d,\"data\":["
                    .formatted(quoted(generation.id()), GenerationView.created(generation)));
    String separator = "";
    for (Picture picture : generation.pictures()) {
      StoredImage stored = picture.stored();
      if (stored == null) {
        continue;
      }
      answer.text(separator);
      if (generation.request().responseFormat() == ResponseFormat.B64_JSON) {
        answer.text("{\"b64_json\":\"").base64(pictures.require(stored, generation)).text("\"}");
      } else {
        answer.text("{\"url\":%s}".formatted(quoted(String.valueOf(signed.get(picture.index())))));
      }
      separator = ",";
    }
    answer.text("]");
    member(answer, "metadata", GenerationView.metadata(generation, signed));
    member(answer, "warnings", GenerationView.warnings(generation));
    answer.text("}");
    answer.requireReadable();
    if (generation.cost() != null) {
      exchange.put("x-moongate-cost", generation.cost().toString());
    }
    try (OutputStream out = exchange.begin(200, "application/json", answer.length())) {
      answer.writeTo(out);
    }
  }

  private static void member(Answer answer, String name, @Nullable JsonNode value) {
    if (value != null) {
      answer.text(",\"" + name + "\":").text(Wire.text(value));
    }
  }

  private static String quoted(String text) {
    return Wire.text(StringNode.valueOf(text));
  }
}
