package dev.moongate.db;

import java.util.List;

/** What holds between a generation and the rows of its pictures. */
final class PictureChecks {
  static final List<Check> ALL =
      List.of(
          Check.of(
              "when a generation has ended, its pictures are stored or given up",
              """
              SELECT g.id, g.state, i.idx, i.state AS picture
              FROM image i JOIN generation g ON g.id = i.generation_id
              WHERE (i.state = 'ANNOUNCED' AND g.state <> 'FETCHING')
                OR (i.state = 'LOST' AND g.state <> 'LOST')
              ORDER BY g.id, i.idx
              """,
              PictureChecks::line),
          Check.of(
              "what was deleted is gone, and nothing else",
              """
              SELECT g.id, g.state, i.idx, i.state AS picture
              FROM image i JOIN generation g ON g.id = i.generation_id
              WHERE (g.deleted_at IS NOT NULL AND i.state NOT IN ('REMOVED', 'LOST'))
                OR (g.deleted_at IS NULL AND i.state = 'REMOVED')
              ORDER BY g.id, i.idx
              """,
              PictureChecks::line),
          Check.of(
              "the prompt of a deleted generation is gone, and no other's",
              """
              SELECT id, state FROM generation
              WHERE (deleted_at IS NULL) <> (request IS NOT NULL)
                OR (deleted_at IS NOT NULL AND metadata IS NOT NULL)
              ORDER BY id
              """,
              row -> row.text("id") + " " + row.text("state")),
          Check.of(
              "an upstream link stands only where a picture is still to be fetched",
              """
              SELECT g.id, g.state, i.idx, i.state AS picture
              FROM image i JOIN generation g ON g.id = i.generation_id
              WHERE (i.upstream_link IS NOT NULL) <> (i.state = 'ANNOUNCED') ORDER BY g.id, i.idx
              """,
              PictureChecks::line));

  private PictureChecks() {}

  private static String line(Row row) throws java.sql.SQLException {
    return "%s %s: picture %d is %s"
        .formatted(row.text("id"), row.text("state"), row.integer("idx"), row.text("picture"));
  }
}
