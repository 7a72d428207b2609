package dev.moongate.generation;

/**
 * Where a generation stands. Stored by name.
 *
 * <pre>
 * ADMITTED -> DISPATCHING -> SUBMITTED -> FETCHING -> SUCCEEDED
 *     ^            |  \          ^             \-> LOST
 *     |            |   UNCERTAIN-+ found
 *     |            |      |   \---------------------> UNRESOLVED
 *     +--not sent--+------+ never arrived
 *     any of the first four --------------------------> FAILED, CANCELLED
 * </pre>
 */
public enum State {
  /** Money is set aside, nothing has left the house. */
  ADMITTED(false, "queued"),
  /** The intent to submit is written; bytes may have left. */
  DISPATCHING(false, "running"),
  /** The provider gave a task id. */
  SUBMITTED(false, "running"),
  /** A submit may or may not have been accepted; nobody sends it again. */
  UNCERTAIN(false, "running"),
  /** The provider made pictures; they are on their way home. */
  FETCHING(false, "running"),
  /** Every picture is stored and the charge is booked. */
  SUCCEEDED(true, "succeeded"),
  /** Ended without charge. */
  FAILED(true, "failed"),
  /** Ended on request, without charge. */
  CANCELLED(true, "cancelled"),
  /** At least one paid picture could not be brought home; charged for the stored ones. */
  LOST(true, "failed"),
  /** Nobody will ever know whether the submit was accepted; charged nothing. */
  UNRESOLVED(true, "failed");

  private final boolean terminal;
  private final String status;

  State(boolean terminal, String status) {
    this.terminal = terminal;
    this.status = status;
  }

  /** Whether nothing more can happen. */
  public boolean terminal() {
    return terminal;
  }

  /** What a caller sees: queued, running, succeeded, failed, cancelled. */
  public String status() {
    return status;
  }
}
