package dev.moongate.sandbox.http;

import dev.moongate.sandbox.task.LiveTask;

/** Makes the link to a picture of a task, counted from 0. */
@FunctionalInterface
interface Linker {
  String link(LiveTask live, int index);
}
