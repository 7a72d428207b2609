-- What administrators list: without these, the newest generations of a key were sorted out of all of
-- its own, and those of an account that serves few were looked for among all there are.
CREATE INDEX generation_of_key ON generation (key_id, id) WHERE deleted_at IS NULL;
CREATE INDEX generation_of_account ON generation (account, id) WHERE deleted_at IS NULL;
