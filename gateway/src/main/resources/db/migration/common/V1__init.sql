-- The same text runs on SQLite and PostgreSQL. Times are microseconds since 1970 UTC, from the
-- gateway's clock; money is millionths of the currency's unit; truth is 0 or 1; JSON is text.

CREATE TABLE organisation (
  id         TEXT PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE TABLE project (
  id              TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  created_at      BIGINT NOT NULL
);

CREATE TABLE api_key (
  id              TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  project_id      TEXT NOT NULL REFERENCES project (id),
  name            TEXT NOT NULL,
  hash            TEXT NOT NULL UNIQUE,
  last_four       TEXT NOT NULL,
  admin           SMALLINT NOT NULL CHECK (admin IN (0, 1)),
  origin          TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT,
  disabled_at     BIGINT,
  answer_within   BIGINT CHECK (answer_within > 0)
);

CREATE TABLE generation (
  id                TEXT PRIMARY KEY,
  organisation_id   TEXT NOT NULL REFERENCES organisation (id),
  project_id        TEXT NOT NULL REFERENCES project (id),
  key_id            TEXT NOT NULL REFERENCES api_key (id),
  model             TEXT NOT NULL,
  n                 INTEGER NOT NULL CHECK (n > 0),
  request           TEXT,
  fingerprint       TEXT NOT NULL,
  retry_count       INTEGER NOT NULL CHECK (retry_count >= 0),
  disk              BIGINT NOT NULL CHECK (disk >= 0),
  state             TEXT NOT NULL CHECK (state IN (
    'ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING',
    'SUCCEEDED', 'FAILED', 'CANCELLED', 'LOST', 'UNRESOLVED')),
  epoch             BIGINT NOT NULL CHECK (epoch >= 0),
  unit_price        BIGINT NOT NULL CHECK (unit_price >= 0),
  currency          TEXT NOT NULL,
  account           TEXT,
  attempts          INTEGER NOT NULL CHECK (attempts >= 0),
  task              TEXT,
  task_key          TEXT,
  created_at        BIGINT NOT NULL,
  due_at            BIGINT NOT NULL,
  deadline_at       BIGINT NOT NULL,
  submitted_at      BIGINT,
  settled_at        BIGINT,
  metadata          TEXT,
  cost              BIGINT CHECK (cost >= 0),
  error_code        TEXT,
  error_message     TEXT,
  error_param       TEXT,
  deleted_at        BIGINT,
  CHECK (state IN ('ADMITTED', 'FAILED', 'CANCELLED', 'UNRESOLVED') OR account IS NOT NULL),
  CHECK (state <> 'SUBMITTED' OR task IS NOT NULL)
);

-- With the model, so that counting a long queue reads the index alone.
CREATE INDEX generation_queue ON generation (created_at, id, model) WHERE state = 'ADMITTED';
CREATE INDEX generation_queue_due ON generation (due_at, model) WHERE state = 'ADMITTED';
CREATE INDEX generation_due ON generation (account, due_at, id)
  WHERE state IN ('SUBMITTED', 'FETCHING', 'UNCERTAIN');
CREATE INDEX generation_running ON generation (account)
  WHERE state IN ('DISPATCHING', 'SUBMITTED', 'UNCERTAIN');
CREATE INDEX generation_in_doubt ON generation (created_at, id)
  WHERE state IN ('DISPATCHING', 'UNCERTAIN');
CREATE INDEX generation_open ON generation (disk)
  WHERE state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING');
CREATE INDEX generation_of_project ON generation (project_id, id) WHERE deleted_at IS NULL;
CREATE INDEX generation_resend ON generation (key_id, fingerprint, created_at);
CREATE INDEX generation_pace ON generation (model, created_at) WHERE state = 'SUCCEEDED';
CREATE INDEX generation_kept ON generation (created_at) WHERE deleted_at IS NULL;

CREATE TABLE attempt (
  generation_id TEXT NOT NULL REFERENCES generation (id),
  no            INTEGER NOT NULL CHECK (no > 0),
  account       TEXT NOT NULL,
  key_reference TEXT NOT NULL,
  intent_at     BIGINT NOT NULL,
  answered_at   BIGINT,
  not_listed_at BIGINT,
  outcome       TEXT NOT NULL CHECK (outcome IN (
    'INTENT', 'NOT_SENT', 'REJECTED', 'THROTTLED', 'ACCEPTED', 'SUCCEEDED', 'FAILED_UNBILLED', 'AMBIGUOUS',
    'DISPROVED', 'CANCELLED')),
  task          TEXT,
  request_id    TEXT,
  reason        TEXT,
  PRIMARY KEY (generation_id, no)
);

CREATE INDEX attempt_answered ON attempt (account, answered_at);
CREATE INDEX attempt_task ON attempt (account, task);

CREATE TABLE image (
  generation_id TEXT NOT NULL REFERENCES generation (id),
  idx           INTEGER NOT NULL CHECK (idx >= 0),
  state         TEXT NOT NULL CHECK (state IN ('ANNOUNCED', 'STORED', 'LOST', 'REMOVED')),
  upstream_link TEXT,
  public_id     TEXT UNIQUE,
  sha256        TEXT,
  bytes         BIGINT CHECK (bytes > 0),
  format        TEXT,
  width         INTEGER,
  height        INTEGER,
  storage_key   TEXT,
  stored_at     BIGINT,
  PRIMARY KEY (generation_id, idx),
  CHECK ((state = 'STORED') = (public_id IS NOT NULL AND sha256 IS NOT NULL AND bytes IS NOT NULL
    AND format IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL
    AND storage_key IS NOT NULL AND stored_at IS NOT NULL)),
  CHECK (state = 'ANNOUNCED' OR upstream_link IS NULL)
);

-- A removed picture keeps its storage key until its file is gone.
CREATE INDEX image_removed ON image (storage_key) WHERE state = 'REMOVED' AND storage_key IS NOT NULL;

CREATE TABLE idempotency (
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  project_id      TEXT NOT NULL REFERENCES project (id),
  idem_key        TEXT NOT NULL,
  fingerprint     TEXT NOT NULL,
  generation_id   TEXT NOT NULL,
  expires_at      BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, project_id, idem_key)
);

CREATE INDEX idempotency_expiry ON idempotency (expires_at);

-- Tasks that the provider ran for our credentials and that no attempt knows.
CREATE TABLE orphan_task (
  account    TEXT NOT NULL,
  task       TEXT NOT NULL,
  api_key_id TEXT,
  model      TEXT,
  created_at BIGINT,
  seen_at    BIGINT NOT NULL,
  PRIMARY KEY (account, task)
);

-- The provider's own names of our credentials, learnt from its list of tasks.
CREATE TABLE provider_key (
  account       TEXT NOT NULL,
  key_reference TEXT NOT NULL,
  api_key_id    TEXT NOT NULL,
  PRIMARY KEY (account, key_reference)
);

-- attempt_no is 0 for the caller's own money, so that the key needs no null.
CREATE TABLE ledger (
  generation_id TEXT NOT NULL REFERENCES generation (id),
  kind          TEXT NOT NULL CHECK (kind IN (
    'HOLD', 'CHARGE', 'RELEASE', 'COST', 'SUSPECTED_COST')),
  attempt_no    INTEGER NOT NULL CHECK (attempt_no >= 0),
  amount        BIGINT NOT NULL CHECK (amount >= 0),
  currency      TEXT NOT NULL,
  at            BIGINT NOT NULL,
  PRIMARY KEY (generation_id, kind, attempt_no)
);

CREATE INDEX ledger_at ON ledger (at);

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

INSERT INTO organisation (id, created_at) VALUES ('default', 0);
INSERT INTO project (id, organisation_id, created_at) VALUES ('default', 'default', 0);
