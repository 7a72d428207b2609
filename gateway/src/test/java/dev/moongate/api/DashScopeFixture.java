package dev.moongate.api;

import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.GatewayFixture;
import org.junit.jupiter.api.BeforeEach;

/**
 * A gateway as clients of the vendor's own API see it, in front of an upstream that keeps tasks.
 */
abstract class DashScopeFixture extends GatewayFixture {
  DashScopeFace face;

  @BeforeEach
  void showFace() {
    face = new DashScopeFace(moongate);
  }
}
