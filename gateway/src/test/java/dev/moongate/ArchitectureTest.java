package dev.moongate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shape of the code base, kept by the build rather than by memory. */
@AnalyzeClasses(
    packages = "dev.moongate",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.NotTheSandbox.class})
class ArchitectureTest {
  private static final String ROOT = "dev.moongate.";

  /** The sandbox is a house of its own with rules of its own. */
  static final class NotTheSandbox implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("dev/moongate/sandbox/");
    }
  }

  /** Lowest first: a package may use only packages to its left. */
  private static final List<String> ORDER =
      List.of(
          "error",
          "image",
          "model",
          "auth",
          "policy",
          "provider",
          "routing",
          "store",
          "generation",
          "webhook",
          "metrics",
          "db",
          "http",
          "settings");

  @ArchTest
  static void dependenciesPointOneWay(JavaClasses classes) {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] higher =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(p -> ROOT + p + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + ORDER.get(i) + "..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(higher))
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule ONLY_THE_ROOT_KNOWS_THE_DATABASE =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "http..", ROOT + "settings..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "db..");

  @ArchTest
  static final ArchRule ONLY_THE_ROOT_KNOWS_THE_SANDBOX =
      noClasses()
          .that()
          .resideInAnyPackage(ORDER.stream().map(p -> ROOT + p + "..").toArray(String[]::new))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "sandbox..");

  @ArchTest
  static final ArchRule PROVIDERS_DO_NOT_KNOW_EACH_OTHER =
      slices()
          .matching(ROOT + "provider.(*)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ROOT + "(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule TIME_IS_PASSED_IN =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(
              ROOT + "cli.Moongate") // where the process makes its one clock
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_THING_IS =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  @Test
  void noSourceFileIsLongerThan400Lines() throws IOException {
    try (var files = Files.walk(Path.of("src/main/java"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".java")))
          .allSatisfy(f ->
              assertThat(Files.readAllLines(f)).as(f.toString()).hasSizeLessThanOrEqualTo(400));
    }
  }
}
