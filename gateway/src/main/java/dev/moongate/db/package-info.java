/**
 * The one database room: SQLite with a single writer thread and group commit, or PostgreSQL with a
 * transaction for each piece of work; migrations; and the tables' classes, which implement
 * interfaces of the rooms above. SQL runs on both. Read {@link dev.moongate.db.Database} first.
 */
@NullMarked
package dev.moongate.db;

import org.jspecify.annotations.NullMarked;
