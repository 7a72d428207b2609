-- A key's webhook, or two nulls. The secret stands here as it is, because it signs.
ALTER TABLE api_key ADD COLUMN webhook_url TEXT;
ALTER TABLE api_key ADD COLUMN webhook_secret TEXT;

-- Events to be told; written by the transaction that ends the generation. The URL stands in the
-- key's row.
CREATE TABLE webhook_delivery (
  id            TEXT PRIMARY KEY,
  generation_id TEXT NOT NULL UNIQUE REFERENCES generation (id),
  key_id        TEXT NOT NULL REFERENCES api_key (id),
  state         TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'GIVEN_UP')),
  attempts      INTEGER NOT NULL CHECK (attempts >= 0),
  due_at        BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  last_status   INTEGER,
  last_error    TEXT
);

-- With the key, so that events of a key that has enough under way are passed over in the index.
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at, id, key_id) WHERE state = 'PENDING';
