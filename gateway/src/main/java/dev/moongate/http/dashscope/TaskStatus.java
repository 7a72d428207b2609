package dev.moongate.http.dashscope;

import dev.moongate.generation.State;

/** Where a generation stands, in the vendor's words. */
enum TaskStatus {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELED,
  /** Of a task that is not there, or not any more. */
  UNKNOWN;

  /** As with the vendor, only what is PENDING can be counted upon to be cancelled. */
  static TaskStatus of(State state) {
    return switch (state) {
      case ADMITTED -> PENDING;
      case DISPATCHING, SUBMITTED, UNCERTAIN, FETCHING -> RUNNING;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED, LOST, UNRESOLVED -> FAILED;
      case CANCELLED -> CANCELED;
    };
  }
}
