-- What a key and a project may: null lifts a limit. Counts are per UTC minute or day.
ALTER TABLE project ADD COLUMN name TEXT NOT NULL DEFAULT 'default';
ALTER TABLE project ADD COLUMN weight INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000);
ALTER TABLE project ADD COLUMN requests_per_minute BIGINT CHECK (requests_per_minute >= 0);
ALTER TABLE project ADD COLUMN images_per_minute BIGINT CHECK (images_per_minute >= 0);
ALTER TABLE project ADD COLUMN pixels_per_day BIGINT CHECK (pixels_per_day >= 0);
ALTER TABLE project ADD COLUMN concurrent BIGINT CHECK (concurrent >= 0);
ALTER TABLE project ADD COLUMN disabled_at BIGINT;

ALTER TABLE api_key ADD COLUMN role TEXT NOT NULL DEFAULT 'MEMBER'
  CHECK (role IN ('ADMIN', 'MEMBER', 'READ_ONLY'));
UPDATE api_key SET role = 'ADMIN' WHERE admin = 1;
ALTER TABLE api_key DROP COLUMN admin;
ALTER TABLE api_key ADD COLUMN weight INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000);
-- Names of models, one a line; null for all.
ALTER TABLE api_key ADD COLUMN models TEXT;
ALTER TABLE api_key ADD COLUMN requests_per_minute BIGINT CHECK (requests_per_minute >= 0);
ALTER TABLE api_key ADD COLUMN images_per_minute BIGINT CHECK (images_per_minute >= 0);
ALTER TABLE api_key ADD COLUMN pixels_per_day BIGINT CHECK (pixels_per_day >= 0);
ALTER TABLE api_key ADD COLUMN concurrent BIGINT CHECK (concurrent >= 0);
ALTER TABLE api_key ADD COLUMN response_format TEXT;
ALTER TABLE api_key ADD COLUMN link_life BIGINT CHECK (link_life > 0);
ALTER TABLE api_key ADD COLUMN lenient SMALLINT NOT NULL DEFAULT 0 CHECK (lenient IN (0, 1));
-- After a rotation the key of before works until its time is over.
ALTER TABLE api_key ADD COLUMN previous_hash TEXT;
ALTER TABLE api_key ADD COLUMN previous_until BIGINT;
-- The row stays, because generations and the ledger name it.
ALTER TABLE api_key ADD COLUMN deleted_at BIGINT;
CREATE UNIQUE INDEX api_key_previous ON api_key (previous_hash) WHERE previous_hash IS NOT NULL;

-- Pixels of all pictures asked for.
ALTER TABLE generation ADD COLUMN pixels BIGINT NOT NULL DEFAULT 0 CHECK (pixels >= 0);
UPDATE generation SET account = NULL WHERE state = 'ADMITTED';

-- Per account: a generation waits for the account that the column names.
DROP INDEX generation_queue;
DROP INDEX generation_queue_due;
CREATE INDEX generation_queue ON generation (account, project_id, key_id, created_at, id, due_at, n)
  WHERE state = 'ADMITTED';
CREATE INDEX generation_queue_deadline ON generation (account, deadline_at) WHERE state = 'ADMITTED';
CREATE INDEX generation_open_of_key ON generation (key_id, project_id)
  WHERE state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING');
CREATE INDEX generation_of_day ON generation (created_at);

CREATE TABLE budget (
  scope    TEXT NOT NULL CHECK (scope IN ('PROJECT', 'KEY')),
  scope_id TEXT NOT NULL,
  period   TEXT NOT NULL CHECK (period IN ('DAY', 'MONTH', 'TOTAL')),
  amount   BIGINT NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (scope, scope_id, period)
);

-- What a project or key has set aside and spent, by the UTC day of the admission (days since 1970):
-- a generation stays in its day, whenever it is settled. The sums of the ledger, kept as counters.
CREATE TABLE spending (
  scope    TEXT NOT NULL CHECK (scope IN ('PROJECT', 'KEY')),
  scope_id TEXT NOT NULL,
  day      BIGINT NOT NULL,
  reserved BIGINT NOT NULL CHECK (reserved >= 0),
  spent    BIGINT NOT NULL CHECK (spent >= 0),
  pixels   BIGINT NOT NULL CHECK (pixels >= 0),
  PRIMARY KEY (scope, scope_id, day)
);
INSERT INTO spending (scope, scope_id, day, reserved, spent, pixels)
SELECT 'KEY', key_id, created_at / 86400000000,
  SUM(CASE WHEN state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
    THEN unit_price * n ELSE 0 END),
  SUM(COALESCE(cost, 0)), 0
FROM generation GROUP BY key_id, created_at / 86400000000;
INSERT INTO spending (scope, scope_id, day, reserved, spent, pixels)
SELECT 'PROJECT', project_id, created_at / 86400000000,
  SUM(CASE WHEN state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
    THEN unit_price * n ELSE 0 END),
  SUM(COALESCE(cost, 0)), 0
FROM generation GROUP BY project_id, created_at / 86400000000;

-- For how many pictures a provider's cost is.
ALTER TABLE ledger ADD COLUMN pictures BIGINT CHECK (pictures >= 0);

-- Who changed what: keys, projects, budgets. No secret stands here.
CREATE TABLE audit_log (
  id     TEXT PRIMARY KEY,
  at     BIGINT NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_log_at ON audit_log (at, id);
