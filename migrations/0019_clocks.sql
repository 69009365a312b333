-- The clock may be set. How long a lease lasts, so that one which ends later than that is seen to be void.
ALTER TABLE shard_lease ADD COLUMN lasts interval NOT NULL DEFAULT '5 minutes';

-- When next_at was set: a row that was written in what is the future by now is moved into the present with its times
-- (store/due_times).
ALTER TABLE outbox ADD COLUMN set_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX outbox_set ON outbox (set_at) WHERE state = 'queued';
