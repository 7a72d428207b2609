package dev.moongate.db;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.State;
import dev.moongate.image.ImageFormat;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of {@code generation} and {@code image} as the values that the rooms below know. */
final class GenerationRow {
  private final RequestJson requests;

  GenerationRow(RequestJson requests) {
    this.requests = requests;
  }

  /** The generation that a row of {@code SELECT *} is; reads its pictures too. */
  Generation read(Sql sql, Row row) throws SQLException {
    String id = row.text("id");
    String currency = row.text("currency");
    Long cost = row.numberOrNull("cost");
    return new Generation(
        id,
        row.text("organisation_id"),
        row.text("project_id"),
        row.text("key_id"),
        requests.read(row.text("request")),
        State.valueOf(row.text("state")),
        row.number("epoch"),
        new Money(row.number("unit_price"), currency),
        row.number("pixels"),
        row.textOrNull("account"),
        row.integer("attempts"),
        row.textOrNull("task"),
        row.textOrNull("task_key"),
        row.instant("created_at"),
        row.instant("due_at"),
        row.instant("deadline_at"),
        row.instantOrNull("submitted_at"),
        row.instantOrNull("settled_at"),
        row.textOrNull("metadata"),
        cost == null ? null : new Money(cost, currency),
        failure(row),
        pictures(sql, id));
  }

  /** The stored picture that a row of {@code image} in state STORED is. */
  static StoredImage storedImage(Row row) throws SQLException {
    return new StoredImage(
        row.text("public_id"),
        row.text("sha256"),
        row.number("bytes"),
        ImageFormat.valueOf(row.text("format")),
        row.integer("width"),
        row.integer("height"),
        row.text("storage_key"));
  }

  private static @Nullable Failure failure(Row row) throws SQLException {
    String code = row.textOrNull("error_code");
    return code == null
        ? null
        : new Failure(
            ErrorCode.valueOf(code), row.text("error_message"), row.textOrNull("error_param"));
  }

  private static List<Generation.Picture> pictures(Sql sql, String id) throws SQLException {
    return sql.list(
        "SELECT * FROM image WHERE generation_id = ? ORDER BY idx",
        row -> {
          String state = row.text("state");
          return new Generation.Picture(
              row.integer("idx"),
              row.textOrNull("upstream_link"),
              state.equals("STORED") ? storedImage(row) : null,
              state.equals("LOST"));
        },
        id);
  }
}
