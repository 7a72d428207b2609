/**
 * Tasks and what survives a restart: the task log, the journal, the limits and the engine that
 * leads a task to its end. Read {@link dev.moongate.sandbox.task.Tasks} first.
 */
@NullMarked
package dev.moongate.sandbox.task;

import org.jspecify.annotations.NullMarked;
