package dev.moongate;

import dev.moongate.db.AuditTable;
import dev.moongate.db.BudgetTable;
import dev.moongate.db.Database;
import dev.moongate.db.DoubtTable;
import dev.moongate.db.KeptTable;
import dev.moongate.db.KeyTable;
import dev.moongate.db.ProjectTable;
import dev.moongate.db.SettingTable;
import dev.moongate.db.UsageTable;
import dev.moongate.db.WebhookTable;
import java.time.Clock;

/** The tables of one database, but for the generations', which may have something around them. */
record Tables(
    KeyTable keys,
    ProjectTable projects,
    BudgetTable budgets,
    AuditTable audit,
    UsageTable usage,
    DoubtTable doubts,
    KeptTable kept,
    WebhookTable webhooks,
    SettingTable settings) {
  static Tables of(Database database, Clock clock, String currency) {
    return new Tables(
        new KeyTable(database, clock),
        new ProjectTable(database, clock),
        new BudgetTable(database, clock, currency),
        new AuditTable(database),
        new UsageTable(database, currency),
        new DoubtTable(database),
        new KeptTable(database),
        new WebhookTable(database, clock),
        new SettingTable(database));
  }
}
