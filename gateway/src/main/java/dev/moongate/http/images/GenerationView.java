package dev.moongate.http.images;

import dev.moongate.generation.Generation;
import dev.moongate.generation.Generation.Picture;
import dev.moongate.generation.Generations;
import dev.moongate.generation.State;
import dev.moongate.http.ErrorWriter;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import dev.moongate.image.StoredImage;
import dev.moongate.image.Warning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of a generation as they stand on the wire, in the answer of a POST and in the
 * generation's own address.
 */
public final class GenerationView {
  private final LinkBase links;
  private final Generations generations;
  private final InstantSource clock;
  private final Duration linkLife;

  GenerationView(LinkBase links, Generations generations, InstantSource clock, Duration linkLife) {
    this.links = links;
    this.generations = generations;
    this.clock = clock;
    this.linkLife = linkLife;
  }

  /** A fresh link to each stored picture, by the picture's index. */
  Map<Integer, String> links(String base, Generation generation) {
    Duration life = generation.request().linkLife();
    Instant expires = clock.instant().plus(life == null ? linkLife : life);
    Map<Integer, String> all = new HashMap<>();
    for (Picture picture : generation.pictures()) {
      StoredImage stored = picture.stored();
      if (stored != null) {
        all.put(picture.index(), links.link(base, stored, expires));
      }
    }
    return all;
  }

  /** {@code created}: when the generation was settled, or admitted if it is not over. */
  static long created(Generation generation) {
    Instant settled = generation.settledAt();
    return (settled == null ? generation.createdAt() : settled).getEpochSecond();
  }

  static @Nullable JsonNode metadata(Generation generation, Map<Integer, String> links) {
    String metadata = generation.metadata();
    return metadata == null ? null : Metadata.withLinks(metadata, links);
  }

  /** The provider's final JSON, with fresh links that lead where the request came to. */
  public @Nullable JsonNode metadata(Exchange exchange, Generation generation) {
    return metadata(generation, links(links.base(exchange), generation));
  }

  /** What the caller must be told; null if there is nothing. */
  public static @Nullable ArrayNode warnings(Generation generation) {
    List<Warning> warnings = new ArrayList<>(generation.request().warnings());
    int delivered = generation.storedImages().size();
    int asked = generation.request().n();
    if (generation.state() == State.SUCCEEDED && delivered < asked) {
      warnings.add(
          new Warning(
              "n",
              "fewer_images",
              "The provider made %d of at most %d pictures; you pay for %d."
                  .formatted(delivered, asked, delivered)));
    }
    if (warnings.isEmpty()) {
      return null;
    }
    ArrayNode json = Wire.array();
    for (Warning warning : warnings) {
      json.addObject()
          .put("param", warning.param())
          .put("code", warning.code())
          .put("message", warning.message());
    }
    return json;
  }

  /**
   * The whole generation, as its own address shows it.
   *
   * @param base what its links begin with
   */
  ObjectNode object(String base, Generation generation) {
    Map<Integer, String> signed = links(base, generation);
    ObjectNode json = Wire.object();
    json.put("id", generation.id());
    json.put("object", "image.generation");
    json.put("status", generation.state().status());
    json.put("created", created(generation));
    json.put("model", generation.request().model());
    if (!signed.isEmpty() && generation.state().terminal()) {
      ArrayNode data = json.putArray("data");
      generation.pictures().stream()
          .map(picture -> signed.get(picture.index()))
          .filter(Objects::nonNull)
          .forEach(link -> data.addObject().put("url", link));
    }
    putRemarks(json, generation, signed);
    if (generation.failure() != null) {
      json.set(
          "error",
          ErrorWriter.envelope(generation.failure().toException(generation.id())).get("error"));
    }
    putQueue(json, generation);
    putCost(json, generation);
    return json;
  }

  /** What is said about the pictures: {@code metadata} and {@code warnings}. */
  static void putRemarks(ObjectNode json, Generation generation, Map<Integer, String> links) {
    setIfPresent(json, "metadata", metadata(generation, links));
    setIfPresent(json, "warnings", warnings(generation));
  }

  /** {@code queue}, while it waits. */
  void putQueue(ObjectNode json, Generation generation) {
    generations
        .place(generation)
        .ifPresent(place ->
            json.putObject("queue")
                .put("position", place.position())
                .put("estimated_seconds", place.estimate().toSeconds()));
  }

  /** {@code cost}, once it is charged. */
  static void putCost(ObjectNode json, Generation generation) {
    if (generation.cost() != null) {
      json.putObject("cost")
          .put("amount", generation.cost().decimal())
          .put("currency", generation.cost().currency());
    }
  }

  /** The whole generation, with links that lead where the request came to. */
  public ObjectNode object(Exchange exchange, Generation generation) {
    return object(links.base(exchange), generation);
  }

  static void setIfPresent(ObjectNode json, String name, @Nullable JsonNode value) {
    if (value != null) {
      json.set(name, value);
    }
  }
}
