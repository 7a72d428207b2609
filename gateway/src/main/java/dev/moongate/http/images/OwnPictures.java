package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generations;
import dev.moongate.http.Exchange;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.http.body.SpooledInput;
import dev.moongate.image.ImageBytes;
import dev.moongate.store.ImageStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pictures that this gateway keeps, as callers name them to have them edited: with a link that was
 * handed out, or as {@code moongate:} and the picture's id. The project is the authority, not the
 * link's signature: one's own picture may be used after its link has expired, and another project's
 * is as good as none.
 */
public final class OwnPictures {
  private static final String SCHEME = "moongate:";
  private static final Pattern ID = Pattern.compile("img_[0-9a-f]{32}");

  private final Generations generations;
  private final ImageStore store;
  private final BodyReader bodies;
  private final LinkBase links;

  public OwnPictures(Generations generations, ImageStore store, BodyReader bodies, LinkBase links) {
    this.generations = generations;
    this.store = store;
    this.bodies = bodies;
    this.links = links;
  }

  /** Looks up pictures for one request. */
  @FunctionalInterface
  public interface Lookup {
    /**
     * A copy of the picture that a text names, which goes with the request; empty if it names none
     * of ours. There is one copy, however often it is named.
     *
     * @param path the member that holds the text, for a refusal
     */
    Optional<SpooledInput> find(String path, String text);
  }

  /** For the request of an exchange with this body. */
  public Lookup of(Exchange exchange, ReceivedBody body) {
    Map<String, SpooledInput> copies = new HashMap<>();
    return (path, text) ->
        id(exchange, path, text)
            .map(id -> copies.computeIfAbsent(id, _ -> copy(exchange, body, path, id)));
  }

  private Optional<String> id(Exchange exchange, String path, String text) {
    if (text.startsWith(SCHEME)) {
      return Optional.of(requireId(path, text.substring(SCHEME.length())));
    }
    return links
        .ours(exchange, text)
        .map(name -> requireId(path, name.replaceFirst("\\.[a-z]+$", "")));
  }

  private static String requireId(String path, String id) {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches()) {
      throw InputMember.refused(
          path,
          "is said to be one of this gateway's, but %s is no id of one: moongate:img_ and 32 hex digits"
              .formatted(GatewayException.shown(id)));
    }
    return id;
  }

  private SpooledInput copy(Exchange exchange, ReceivedBody body, String path, String id) {
    return generations
        .findPicture(exchange.caller(), id)
        .flatMap(image -> store.find(image.storageKey()))
        .flatMap(bytes -> bodies.copy(requireSmall(path, bytes), body))
        .orElseThrow(() ->
            new GatewayException(
                ErrorCode.INVALID_IMAGE,
                path,
                "There is no picture %s in your project; if there was, it has been deleted"
                    .formatted(id)));
  }

  private static ImageBytes requireSmall(String path, ImageBytes bytes) {
    if (bytes.size() > SpooledInput.MOST_BYTES) {
      throw InputMember.refused(path, SpooledInput.TOO_LARGE);
    }
    return bytes;
  }
}
