package dev.moongate.sandbox.task;

/** Where a task stands, in the vendor's words. */
public enum Status {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELED;

  public boolean ended() {
    return this != PENDING && this != RUNNING;
  }
}
