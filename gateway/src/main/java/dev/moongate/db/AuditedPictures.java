package dev.moongate.db;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored pictures, page by page, each page as of its own moment: to hash all files takes long,
 * and a view held all that time would keep SQLite from emptying its write-ahead log.
 */
public final class AuditedPictures {
  private final ReadOnlyDatabase database;

  public AuditedPictures(ReadOnlyDatabase database) {
    this.database = database;
  }

  /** A stored picture, as its row says. */
  public record Picture(
      String generation, int index, String storageKey, String sha256, long bytes) {}

  /** The pictures that follow; from the beginning for null. */
  public List<Picture> after(@Nullable Picture last, int limit) {
    return database.read(sql ->
        sql.list(
            """
            SELECT * FROM image
            WHERE state = 'STORED' AND (generation_id, idx) > (?, ?)
            ORDER BY generation_id, idx LIMIT ?
            """,
            row ->
                new Picture(
                    row.text("generation_id"),
                    row.integer("idx"),
                    row.text("storage_key"),
                    row.text("sha256"),
                    row.number("bytes")),
            last == null ? "" : last.generation(),
            last == null ? -1 : last.index(),
            limit));
  }

  /** Whether the row still says so: a running gateway may have removed the picture meanwhile. */
  public boolean stillStored(Picture picture) {
    return database.read(sql ->
        sql.number(
                """
                SELECT COUNT(*) AS value FROM image
                WHERE generation_id = ? AND idx = ? AND state = 'STORED' AND storage_key = ?
                """,
                picture.generation(),
                picture.index(),
                picture.storageKey())
            == 1);
  }
}
