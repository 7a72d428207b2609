/**
 * Reads moongate.yaml and the environment, reports every mistake at once, and composes each room's
 * settings. Read {@link dev.moongate.settings.MoongateSettings} first.
 */
@NullMarked
package dev.moongate.settings;

import org.jspecify.annotations.NullMarked;
