package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bugs under {@code crash/mutants} still fit the sources, so that {@code crash/mutants/run} can
 * show that the tests see them.
 */
@Timeout(300)
class MutantsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path TESTS = Path.of("src/test/java");
  private static final String CAUGHT_BY = "# Caught-by: ";

  @BeforeAll
  static void needGit() {
    assumeThat(System.getenv("PATH").split(File.pathSeparator, -1))
        .as("git is on the PATH")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "git")));
  }

  static List<String> mutants() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("crash/mutants"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".patch"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void everyMutantAppliesAndNamesATestThatIsThere(String mutant) throws Exception {
    Path patch = ROOT.resolve("crash/mutants").resolve(mutant);
    ProcessBuilder check =
        new ProcessBuilder("git", "apply", "--check", patch.toString())
            .directory(ROOT.toFile())
            .redirectErrorStream(true);
    // A repository around this one would have the paths of the patch refer to its own root.
    check.environment().put("GIT_CEILING_DIRECTORIES", ROOT.getParent().toString());
    Process git = check.start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(git.exitValue())
        .as("make the mistake of %s again and keep its head; git says: %s", mutant, said)
        .isZero();
    String test =
        Files.readAllLines(patch).stream()
            .filter(line -> line.startsWith(CAUGHT_BY))
            .map(line -> line.substring(CAUGHT_BY.length()))
            .findFirst()
            .orElseThrow();
    assertThat(sourceOf(test.substring(0, test.indexOf('#'))))
        .contains("void " + test.substring(test.indexOf('#') + 1) + "(");
  }

  private static String sourceOf(String testClass) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return Files.readString(
          files.filter(file -> file.endsWith(testClass + ".java")).findFirst().orElseThrow());
    }
  }
}
