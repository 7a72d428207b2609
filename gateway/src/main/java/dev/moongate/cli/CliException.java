package dev.moongate.cli;

/** Something a person at the command line is told, without a stack trace. */
final class CliException extends RuntimeException {
  CliException(String message) {
    super(message);
  }
}
