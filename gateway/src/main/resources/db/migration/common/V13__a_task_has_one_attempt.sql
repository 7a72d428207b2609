-- A provider's task belongs to one attempt: of those that say they are it, the first keeps it, and
-- the reason of the others names it.
UPDATE attempt
SET reason = COALESCE(reason || '; ', '') || 'its task ' || task || ' is another attempt''s',
  task = NULL
WHERE task IS NOT NULL AND EXISTS (
  SELECT 1 FROM attempt earlier
  WHERE earlier.account = attempt.account AND earlier.task = attempt.task
    AND (earlier.intent_at, earlier.generation_id, earlier.no)
      < (attempt.intent_at, attempt.generation_id, attempt.no));

-- Nulls are no duplicates, on both databases.
DROP INDEX attempt_task;
CREATE UNIQUE INDEX attempt_task ON attempt (account, task);
