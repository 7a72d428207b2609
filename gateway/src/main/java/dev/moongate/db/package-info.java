/**
 * The one database room: a single SQLite writer thread with group commit, migrations, and the
 * tables' classes, which implement interfaces of the rooms above. Read {@link
 * dev.moongate.db.Database} first.
 */
@NullMarked
package dev.moongate.db;

import org.jspecify.annotations.NullMarked;
