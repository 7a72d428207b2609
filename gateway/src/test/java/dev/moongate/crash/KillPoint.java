package dev.moongate.crash;

/**
 * Where a process is killed: the points of the crash matrix, in the order of a generation's life.
 */
enum KillPoint {
  K1_BEFORE_ADMISSION("rows.admit", Phase.BEFORE),
  K2_INSIDE_ADMISSION("rows.admit", Phase.INSIDE),
  K3_AFTER_ADMISSION("rows.admit", Phase.AFTER),
  K4_INSIDE_INTENT("rows.intend", Phase.INSIDE),
  K5_AFTER_INTENT("rows.intend", Phase.AFTER),
  K6_SUBMIT_HALF_WRITTEN("", Phase.PARENT),
  K7_SUBMIT_WRITTEN("", Phase.PARENT),
  K8_STATUS_READ("provider.submit", Phase.AFTER),
  K9_INSIDE_ACCEPTANCE("rows.accepted", Phase.INSIDE),
  K10_AFTER_ACCEPTANCE("rows.accepted", Phase.AFTER),
  K11_POLLING("provider.poll", Phase.BEFORE),
  K12_SUCCESS_READ("rows.announced", Phase.BEFORE),
  K13_AFTER_ANNOUNCEMENT("rows.announced", Phase.AFTER),
  K14_MID_DOWNLOAD("store.write", Phase.BEFORE),
  K15_PICTURE_STORED("store.commit", Phase.AFTER),
  K16_INSIDE_SETTLEMENT("rows.end", Phase.INSIDE),
  K17_AFTER_SETTLEMENT("rows.end", Phase.AFTER),
  K18_MID_ANSWER("", Phase.PARENT);

  private final String call;
  private final Phase phase;

  KillPoint(String call, Phase phase) {
    this.call = call;
    this.phase = phase;
  }

  /** The call at which the process ends itself: room and method. */
  String call() {
    return call;
  }

  Phase phase() {
    return phase;
  }

  /** When, as seen from the call. */
  enum Phase {
    BEFORE,
    /** At a random moment of the few milliseconds that it takes. */
    INSIDE,
    AFTER,
    /** The parent process does it, from the other end of a socket. */
    PARENT
  }
}
