/**
 * {@code /admin/v1}: what those who run the gateway see and change. Every route needs a key with
 * the role admin. It knows no SQL. Read {@link dev.moongate.http.admin.UsageEndpoint} for the
 * reports.
 */
@NullMarked
package dev.moongate.http.admin;

import org.jspecify.annotations.NullMarked;
