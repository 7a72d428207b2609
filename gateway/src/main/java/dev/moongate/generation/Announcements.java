package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.provider.ProviderOutcome.Succeeded;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down which pictures a provider made, before the first of them is fetched. */
final class Announcements {
  private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

  private final GenerationRows rows;
  private final Endings endings;
  private final InstantSource clock;

  Announcements(GenerationRows rows, Endings endings, InstantSource clock) {
    this.rows = rows;
    this.endings = endings;
    this.clock = clock;
  }

  /**
   * After a success: to FETCHING with the links, or to an end without charge if there are none.
   * Such an end invites to another try only if the provider says that it bills nothing.
   */
  void announce(Generation seen, Succeeded succeeded) {
    int asked = seen.request().n();
    List<String> links = succeeded.links();
    int billed = succeeded.imageCount() == null ? links.size() : succeeded.imageCount();
    if (links.size() > asked) {
      LOG.warn(
          "account {} delivered {} pictures for {} asked, generation {}; {} are kept",
          seen.account(),
          links.size(),
          asked,
          seen.id(),
          asked);
      links = links.subList(0, asked);
    }
    if (succeeded.owesPictures()) {
      LOG.error(
          "account {} says that generation {} succeeded and gives no picture; it bills {}",
          seen.account(),
          seen.id(),
          succeeded.imageCount() == null ? "nobody knows how many" : billed);
      endings.undelivered(seen, succeeded.imageCount());
      return;
    }
    if (links.isEmpty()) {
      LOG.warn("account {} made no picture for generation {}", seen.account(), seen.id());
      endings.fail(
          seen,
          new Failure(
              ErrorCode.UPSTREAM_FAILED,
              "The provider said it succeeded but gave no picture; you are not charged.",
              null),
          AttemptOutcome.FAILED_UNBILLED);
      return;
    }
    List<LedgerEntry> cost =
        List.of(
            LedgerEntry.cost(LedgerEntry.Kind.COST, endings.costOf(seen), billed, seen.attempts()));
    rows.announced(seen, links, succeeded.metadata(), succeeded.requestId(), cost, clock.instant());
  }
}
