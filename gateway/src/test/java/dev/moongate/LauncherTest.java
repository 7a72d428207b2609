package dev.moongate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./moongate} on a machine that has nothing but what a test puts there: a PATH of
 * plain tools, an environment of its own, and the folders of JDKs moved below the test's.
 */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class LauncherTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "ls",
          "mkdir",
          "mktemp",
          "readlink",
          "rm",
          "touch");
  private static final List<String> JDK_FOLDERS =
      List.of("/usr/lib/jvm", "/opt/homebrew", "/usr/local/opt");

  @TempDir private Path machine;
  private Path tools;
  private Path house;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void furnish() throws IOException {
    tools = Files.createDirectories(machine.resolve("bin"));
    for (String tool : TOOLS) {
      executable(tools.resolve(tool), "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(onOurPath(tool)));
    }
    house = Files.createDirectories(machine.resolve("my house"));
    String script = Files.readString(Path.of("../moongate"));
    for (String folder : JDK_FOLDERS) {
      assertThat(script).contains(folder);
      script = script.replace(folder, machine + folder);
    }
    executable(house.resolve("moongate"), script);
    environment.put("PATH", tools.toString());
    environment.put("HOME", Files.createDirectories(machine.resolve("my home")).toString());
  }

  @Test
  void withoutAnyJdkItSaysWhatToInstallAndWhereItLooked() throws Exception {
    Run run = launch("keys", "new");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("needs a JDK 25 and found none")
        .contains("JAVA_HOME (not set)", "the java on the PATH (none)")
        .contains(machine + "/usr/lib/jvm", machine.resolve("my home") + "/.sdkman")
        .contains("apt-get install openjdk-25-jdk", "brew install openjdk@25")
        .doesNotContain("unbound variable", "No such file");
    assertThat(run.out()).isEmpty();
    assertThat(house.resolve("gateway")).doesNotExist();
  }

  @Test
  void whoHasNoHomeIsServedAlike() throws Exception {
    environment.remove("HOME");
    Run run = launch("keys", "new");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("needs a JDK 25 and found none", "apt-get install openjdk-25-jdk")
        .doesNotContain("unbound variable");
    Path found = jdk("usr/lib/jvm/jdk-25", "25");
    assertThat(launch("java-home").outOfSuccess()).isEqualTo(found.toString());
  }

  @Test
  void otherJavasAreNamedWhereItLookedAndNotTaken() throws Exception {
    Path seventeen = jdk("opt/jdk-17", "17.0.19");
    environment.put("JAVA_HOME", seventeen.toString());
    Path onPath = jdk("opt/jdk-250", "250.0.1").resolve("bin/java");
    Path java = Files.createSymbolicLink(tools.resolve("java"), onPath);
    Path withoutCompiler = jdk("usr/lib/jvm/jre-25", "25.0.1");
    Files.delete(withoutCompiler.resolve("bin/javac"));
    Run run = launch("java-home");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("JAVA_HOME (" + seventeen + ")", "the java on the PATH (" + java + ")")
        .contains("or set JAVA_HOME to it");
  }

  @Test
  void javaHomeOfAnotherVersionIsPassedOver() throws Exception {
    Path found = jdk("usr/lib/jvm/temurin 25", "25.0.3");
    environment.put("JAVA_HOME", jdk("opt/jdk-17", "17.0.19").toString());
    assertThat(launch("java-home").outOfSuccess()).isEqualTo(found.toString());
  }

  @Test
  void javaHomeIsTakenBeforeThePathAndThePathBeforeTheUsualFolders() throws Exception {
    jdk("usr/lib/jvm/jdk-25", "25.0.1");
    Path onPath = jdk("opt/on path", "25.0.2");
    Files.createSymbolicLink(tools.resolve("java"), onPath.resolve("bin/java"));
    assertThat(launch("java-home").outOfSuccess()).isEqualTo(onPath.toRealPath().toString());
    Path named = jdk("opt/named", "25");
    environment.put("JAVA_HOME", named.toString());
    assertThat(launch("java-home").outOfSuccess()).isEqualTo(named.toString());
  }

  @Test
  void jdkOfTheBuildIsForgottenWhenItIsGone() throws Exception {
    Path build = Files.createDirectories(house.resolve("gateway/build"));
    Path remembered = jdk("opt/remembered", "25.0.1");
    Files.writeString(build.resolve(".java-home"), remembered + "\n");
    assertThat(launch("java-home").outOfSuccess()).isEqualTo(remembered.toString());
    Files.delete(remembered.resolve("bin/java"));
    Path other = jdk("usr/lib/jvm/jdk-25", "25.0.1");
    assertThat(launch("java-home").outOfSuccess()).isEqualTo(other.toString());
  }

  @Test
  void withoutMavenAndWithNothingBuiltItSaysSo() throws Exception {
    environment.put("JAVA_HOME", JDK.toString());
    Run run = launch("keys", "new");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("found no mvn on the PATH")
        .contains("apt-get install maven", "brew install maven");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void buildThatFailsSaysWhyAndWhereAllOfItIs() throws Exception {
    environment.put("JAVA_HOME", JDK.toString());
    executable(tools.resolve("mvn"), "#!/bin/sh\necho \"[ERROR] no such library\"\nexit 1\n");
    Run run = launch("keys", "new");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("[ERROR] no such library")
        .contains("all of it is in " + house.resolve("gateway/build/build.log"));
    assertThat(house.resolve("gateway/build/.built")).doesNotExist();
  }

  @Test
  void commandsWorkInAHouseWithSpacesAndKeepTheirHomeThere() throws Exception {
    built();
    environment.put("JAVA_HOME", JDK.toString());
    assertThat(launch("keys", "new").outOfSuccess()).matches("moongate_[A-Za-z0-9]+");
    launch("keys", "add", "for the flower shop").outOfSuccess();
    assertThat(house.resolve("data/moongate.db")).isRegularFile();
    assertThat(launch("keys", "list").outOfSuccess()).contains("for the flower shop");

    Path other = machine.resolve("another home");
    launch("keys", "add", "elsewhere", "--home", other.toString()).outOfSuccess();
    assertThat(other.resolve("moongate.db")).isRegularFile();
    environment.put("MOONGATE_HOME", other.toString());
    assertThat(launch("keys", "list").outOfSuccess())
        .contains("elsewhere")
        .doesNotContain("flower");
  }

  @Test
  void linkToTheLauncherFindsTheHouse() throws Exception {
    built();
    environment.put("JAVA_HOME", JDK.toString());
    Path link = Files.createSymbolicLink(machine.resolve("a link"), house.resolve("moongate"));
    assertThat(run(List.of(link.toString(), "keys", "new")).outOfSuccess()).startsWith("moongate_");
  }

  /** Puts there what a build would: jars, which lead to the classes that this test sees. */
  private void built() throws IOException {
    Path build = Files.createDirectories(house.resolve("gateway/build"));
    Path lib = Files.createDirectories(build.resolve("lib"));
    Path classes = Path.of("target/classes").toAbsolutePath();
    List<Path> libraries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .filter(entry -> !entry.equals(classes) && !entry.endsWith("test-classes"))
            .toList();
    jar(build.resolve("moongate.jar"), List.of(classes));
    jar(lib.resolve("libraries.jar"), libraries);
    Files.createFile(build.resolve(".built"));
  }

  private static void jar(Path file, List<Path> classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            classPath.stream().map(p -> p.toUri().toString()).collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
  }

  /** A JDK that can tell its version and nothing else. */
  private Path jdk(String folder, String version) throws IOException {
    Path home = machine.resolve(folder);
    Files.createDirectories(home.resolve("bin"));
    executable(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        echo "openjdk version \\"%s\\" 2025-09-16" >&2
        echo "OpenJDK Runtime Environment" >&2
        """
            .formatted(version));
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  private Run launch(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(house.resolve("moongate").toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private Run run(List<String> command) throws Exception {
    Path out = machine.resolve("out");
    Path err = machine.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(machine.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("it ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(out).strip(), Files.readString(err));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path onOurPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private record Run(int exit, String out, String err) {
    String outOfSuccess() {
      assertThat(exit).as(err).isZero();
      return out;
    }
  }
}
