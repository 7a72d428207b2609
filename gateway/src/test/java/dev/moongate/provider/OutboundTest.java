package dev.moongate.provider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Socket;
import java.net.URL;
import org.eclipse.jetty.client.HttpClient;

/** Row V68: one way out, so that no guard can be forgotten. */
@AnalyzeClasses(
    packages = {
      "dev.moongate.auth",
      "dev.moongate.policy",
      "dev.moongate.provider",
      "dev.moongate.routing",
      "dev.moongate.store",
      "dev.moongate.generation",
      "dev.moongate.webhook",
      "dev.moongate.http"
    },
    importOptions = DoNotIncludeTests.class)
class OutboundTest {
  @ArchTest
  static final ArchRule ONLY_HTTP_CALLS_MAKES_CLIENTS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(HttpCalls.class.getName())
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName(HttpClient.class.getName())
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.net.http..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName(Socket.class.getName())
          .orShould()
          .callMethod(URL.class, "openConnection")
          .orShould()
          .callMethod(URL.class, "openStream");
}
