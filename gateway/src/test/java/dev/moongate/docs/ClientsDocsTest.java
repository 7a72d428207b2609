package dev.moongate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code on the clients' page is code that something runs. */
class ClientsDocsTest {
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @CsvSource({
    "java, .java, gateway/src/test/java/dev/moongate/api/OpenAiJavaTest.java, 2",
    "java, .java, clients/sdks/src/test/java, 2",
    "java, .java, clients/spring-ai-1/src/test/java, 1",
    "js, .mjs, examples/clients, 5",
    "python, .py, examples/clients, 2"
  })
  void snippetsAreQuotedFromWhatIsRun(String language, String ending, Path from, int atLeast)
      throws IOException {
    String run = text(ROOT.resolve(from), ending);
    assertThat(snippets(language).filter(snippet -> run.contains(bare(snippet))))
        .hasSizeGreaterThanOrEqualTo(atLeast);
  }

  @Test
  void noSnippetIsMadeUp() throws IOException {
    String run =
        text(ROOT.resolve("gateway/src/test/java/dev/moongate/api"), ".java")
            + text(ROOT.resolve("clients/sdks/src/test/java"), ".java")
            + text(ROOT.resolve("clients/spring-ai-1/src/test/java"), ".java")
            + text(ROOT.resolve("examples/clients"), ".mjs")
            + text(ROOT.resolve("examples/clients"), ".py");
    for (String language : List.of("java", "js", "python")) {
      assertThat(snippets(language))
          .isNotEmpty()
          .allSatisfy(snippet -> assertThat(run.contains(bare(snippet))).as(snippet).isTrue());
    }
  }

  private static Stream<String> snippets(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(ROOT.resolve("docs/clients.md")))
        .results()
        .map(found -> found.group(1));
  }

  /** All of the files below, without white space. */
  private static String text(Path from, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> !file.toString().contains("node_modules"))
          .filter(file -> !file.toString().contains(".venv"))
          .map(ClientsDocsTest::read)
          .map(ClientsDocsTest::bare)
          .collect(Collectors.joining());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String bare(String code) {
    return code.replaceAll("\\s+", "");
  }
}
