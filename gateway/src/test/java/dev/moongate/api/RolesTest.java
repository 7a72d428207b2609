package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Role;
import dev.moongate.http.Access;
import dev.moongate.http.Route;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may call what, for every route that a running gateway has. */
@Timeout(300)
class RolesTest {
  private static final String REFUSED = "401 invalid_api_key";
  private static final String FORBIDDEN = "403 permission_denied";
  private static final Map<String, String> VENDORS =
      Map.of(REFUSED, "401 InvalidApiKey", FORBIDDEN, "403 AccessDenied");

  @TempDir private Path home;

  @Test
  void everyRouteLetsInThoseWhomItNamesAndNobodyElse() {
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      Map<Role, String> keys =
          Map.of(
              Role.READ_ONLY, key(moongate, "read-only"),
              Role.MEMBER, key(moongate, "member"),
              Role.ADMIN, key(moongate, "admin"));
      List<Route> routes = moongate.routes();
      assertThat(routes).extracting(Route::path).contains("/admin/v1/keys", "/v1/models");
      for (Route route : routes) {
        expect(moongate, route, null, door(route, null));
        keys.forEach((role, key) -> expect(moongate, route, key, door(route, role)));
      }
    }
  }

  @Test
  void whatLiesUnderAdminIsForAdmins() {
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      assertThat(moongate.routes())
          .allSatisfy(route ->
              assertThat(route.access() == Access.ADMIN)
                  .as(route.method() + " " + route.path())
                  .isEqualTo(route.path().startsWith("/admin/")));
    }
  }

  private static String key(MoongateHarness moongate, String role) {
    return moongate
        .admin("POST", "/keys", "{\"name\":\"" + role + "\",\"role\":\"" + role + "\"}")
        .json()
        .path("key")
        .stringValue();
  }

  /** What the door says; null where it lets pass. */
  private static String door(Route route, Role role) {
    Role least = route.access().least(true);
    if (least == null || (role != null && role.covers(least))) {
      return null;
    }
    return role == null ? REFUSED : FORBIDDEN;
  }

  private static void expect(MoongateHarness moongate, Route route, String key, String refusal) {
    String path = route.path().replace("**", "x").replace("*", "x");
    boolean body = !route.method().equals("GET") && !route.method().equals("DELETE");
    Answer answer = moongate.call(key, route.method(), path, body ? "{}" : null);
    String what = route.method() + " " + path + " " + route.access();
    boolean json = String.valueOf(answer.header("Content-Type")).startsWith("application/json");
    String error = json ? answer.error() : answer.status() + "";
    boolean vendors = path.startsWith("/api/");
    if (refusal != null) {
      assertThat(error).as(what).isEqualTo(vendors ? VENDORS.get(refusal) : refusal);
    } else {
      assertThat(answer.status()).as(what).isNotEqualTo(401).isLessThan(500);
      assertThat(error).as(what).isNotEqualTo(FORBIDDEN);
      // The vendor's word for it, but about the wrong kind of call, not the key.
      assertThat(error.equals(VENDORS.get(FORBIDDEN)) && !path.contains("image-generation"))
          .as(what)
          .isFalse();
    }
  }
}
