/**
 * The admin's endpoints: projects, keys, budgets, the audit log, accounts, and the generations of
 * all projects. It shows a key or a webhook's secret once, in the answer that makes it. Read {@link
 * dev.moongate.http.admin.AdminRoutes} first.
 */
@NullMarked
package dev.moongate.http.admin;

import org.jspecify.annotations.NullMarked;
