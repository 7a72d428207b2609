package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Answers for addresses that people get slightly wrong: it names the right one. */
final class WrongTurns {
  private static final String GENERATIONS = "/v1/images/generations";
  private static final String EXAMPLE =
      "for example POST %s with Content-Type: application/json and the body".formatted(GENERATIONS)
          + " {\"model\":\"wan2.7-image-pro\",\"prompt\":\"a flower shop\"}";

  /** Where an address of ours begins, whatever a client has put before it. */
  private static final Pattern OURS = Pattern.compile("/(images|models|admin)(/|$)");

  /** Slips in the name of the one thing that everybody is here for. */
  private static final Pattern LIKE_GENERATIONS =
      Pattern.compile("(^|/)(images?/(generations?|create)|images?|generations?|generate)$");

  private static final String SERVICES = "/services/aigc/";

  /** For those who speak another API than ours. */
  private static final List<Elsewhere> DASHSCOPE =
      List.of(
          new Elsewhere(
              "^/api/v1/uploads",
              "uploads are not offered; give a picture as a public URL or as a data URL"),
          new Elsewhere(
              "^/api/v1(/|$)",
              "of DashScope's own API what is about pictures and tasks is served; GET"
                  + " /docs/dashscope-native.md lists it"),
          new Elsewhere(
              SERVICES,
              "the base URL of a DashScope client ends in /api/v1; GET /docs/dashscope-native.md"
                  + " tells more"));

  private static final List<Elsewhere> OPENAI =
      List.of(
          new Elsewhere(
              "/images/variations/?$",
              "variations of a picture without words are not offered; send it to POST"
                  + " /v1/images/edits, with a prompt that says what to change"),
          new Elsewhere(
              "/(chat/completions|completions|responses|embeddings|moderations|messages|audio/.*"
                  + "|videos?/?.*|files/?.*|batches/?.*|assistants/?.*|threads/?.*|realtime/?.*)/?$",
              "Moongate makes pictures and knows no other endpoints of OpenAI's API than those of"
                  + " images and models"));

  private final List<Route> routes;
  private final ErrorShapes shapes;

  WrongTurns(List<Route> routes, ErrorShapes shapes) {
    this.routes = routes;
    this.shapes = shapes;
  }

  /** What other APIs have and this one has not. */
  private record Elsewhere(Pattern path, String said) {
    private Elsewhere(String path, String said) {
      this(Pattern.compile(path), said);
    }
  }

  GatewayException notFound(String method, String path) {
    boolean dashScope = !shapes.at(path).equals(ErrorShape.ENVELOPE) || path.contains(SERVICES);
    String advice =
        (dashScope ? DASHSCOPE : OPENAI)
            .stream()
                .filter(other -> other.path().matcher(path).find())
                .map(Elsewhere::said)
                .findFirst()
                .or(() ->
                    meant(method, path)
                        .map(right ->
                            "%s is meant, probably%s".formatted(named(method, right), hint(path))))
                .orElse("GET /docs lists what there is");
    return new GatewayException(
        ErrorCode.NOT_FOUND,
        "There is nothing at %s %s: %s%s"
            .formatted(
                GatewayException.shown(method),
                GatewayException.shown(path),
                advice,
                // They have no use for it.
                dashScope ? "" : "; " + EXAMPLE));
  }

  static GatewayException wrongMethod(String method, String path, Collection<String> allowed) {
    String advice =
        method.equals("OPTIONS")
            ? "; a page may call this gateway from a browser only if `cors: { origins: [...] }` of"
                + " its settings names the page's origin"
            : path.equals(GENERATIONS) ? "; " + EXAMPLE : "";
    return new GatewayException(
        ErrorCode.METHOD_NOT_ALLOWED,
        "%s is not possible at %s; use %s%s"
            .formatted(
                GatewayException.shown(method),
                GatewayException.shown(path),
                String.join(" or ", allowed),
                advice));
  }

  /** The nearest address that there is, and best one where the method is possible. */
  private Optional<String> meant(String method, String path) {
    String plain = path.replaceAll("/{2,}", "/").replaceFirst("(?<=.)/$", "");
    List<String> there =
        Stream.of(plain, plain.toLowerCase(Locale.ROOT))
            .flatMap(WrongTurns::candidates)
            .filter(candidate -> !methods(candidate).isEmpty())
            .toList();
    return there.stream()
        .filter(candidate -> methods(candidate).contains(method))
        .findFirst()
        .or(() -> there.stream().findFirst());
  }

  private static Stream<String> candidates(String path) {
    Stream<String> tails =
        OURS.matcher(path)
            .results()
            .map(found -> path.substring(found.start()))
            .flatMap(tail ->
                Stream.of("/v1" + tail, tail, tail.replaceFirst("^/admin/?", "/admin/v1/")));
    return Stream.of(
            Stream.of(path),
            tails,
            LIKE_GENERATIONS.matcher(path).find() ? Stream.of(GENERATIONS) : Stream.<String>of())
        .flatMap(some -> some);
  }

  /** What is possible there. */
  private List<String> methods(String path) {
    return routes.stream()
        .filter(route -> route.match(path).isPresent())
        .map(Route::method)
        .distinct()
        .sorted()
        .toList();
  }

  private String named(String method, String right) {
    List<String> methods = methods(right);
    return (methods.contains(method) ? method : String.join(" or ", methods)) + " " + right;
  }

  private static String hint(String path) {
    if (path.contains("/deployments/")) {
      return " (the model is named in the body, not in the address)";
    }
    return path.endsWith("/") || !OURS.matcher(path).find()
        ? ""
        : " (the base URL of an OpenAI client ends in /v1, once)";
  }
}
