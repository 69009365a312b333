-- An answer is kept by the transaction that does the work: a row without one was left by a process that died.
DELETE FROM idempotency WHERE status IS NULL;
UPDATE idempotency SET body = '' WHERE body IS NULL;
ALTER TABLE idempotency
    ALTER COLUMN status SET NOT NULL,
    ALTER COLUMN body SET NOT NULL;
COMMENT ON COLUMN idempotency.body IS 'empty where the answer is a secret';
