package dev.moongate.db;

import dev.moongate.image.StoredImage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What is written of a generation's pictures, within the transaction of a transition. */
final class PictureRows {
  private PictureRows() {}

  /** Pictures that the provider has made, in its order. */
  static void announce(Sql sql, String generation, List<String> links) throws SQLException {
    for (int i = 0; i < links.size(); i++) {
      sql.update(
          """
          INSERT INTO image (generation_id, idx, state, upstream_link)
          VALUES (?, ?, 'ANNOUNCED', ?)
          """,
          generation,
          i,
          links.get(i));
    }
  }

  /** Fresh links to what is not stored yet. */
  static void relink(Sql sql, String generation, List<String> links) throws SQLException {
    for (int i = 0; i < links.size(); i++) {
      sql.update(
          """
          UPDATE image SET upstream_link = ?
          WHERE generation_id = ? AND idx = ? AND state = 'ANNOUNCED'
          """,
          links.get(i),
          generation,
          i);
    }
  }

  /** The first copy stays: its public id may already have been given to somebody. */
  static int store(Sql sql, String generation, int index, StoredImage image, Instant now)
      throws SQLException {
    return sql.update(
        """
        UPDATE image SET state = 'STORED', upstream_link = NULL, public_id = ?, sha256 = ?,
          bytes = ?, format = ?, width = ?, height = ?, storage_key = ?, stored_at = ?
        WHERE generation_id = ? AND idx = ? AND state = 'ANNOUNCED'
        """,
        image.id(),
        image.sha256(),
        image.bytes(),
        image.format(),
        image.width(),
        image.height(),
        image.storageKey(),
        now,
        generation,
        index);
  }

  /** What is not stored by now never will be; answers how many. */
  static int lose(Sql sql, String generation) throws SQLException {
    return sql.update(
        """
        UPDATE image SET state = 'LOST', upstream_link = NULL
        WHERE generation_id = ? AND state = 'ANNOUNCED'
        """,
        generation);
  }
}
