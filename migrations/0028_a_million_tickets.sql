-- Lists are read in their order and no further than the page. A ticket stands in each of these orders once, among the open
-- ones or among the solved ones: of all, of its queue, and of who had it. No index names the state (0012).
CREATE INDEX ticket_contact ON ticket ((solved_at IS NULL), last_contact_at, id);
CREATE INDEX ticket_enqueued ON ticket ((solved_at IS NULL), enqueue_at, id);
CREATE INDEX ticket_id ON ticket ((solved_at IS NULL), id);
CREATE INDEX ticket_queue_contact ON ticket (queue_id, (solved_at IS NULL), last_contact_at, id);
CREATE INDEX ticket_queue_enqueued ON ticket (queue_id, (solved_at IS NULL), enqueue_at, id);
CREATE INDEX ticket_queue_id ON ticket (queue_id, (solved_at IS NULL), id);
CREATE INDEX ticket_owner_contact ON ticket (owner_id, last_contact_at, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_owner_enqueued ON ticket (owner_id, enqueue_at, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_owner_id ON ticket (owner_id, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_channel ON ticket (channel, queue_id, last_contact_at, id);
-- What is late, and what waits, is counted from these alone. A queued ticket is held no more (held_until).
CREATE INDEX ticket_due ON ticket (queue_id, due_at) WHERE solved_at IS NULL AND due_at IS NOT NULL;
DROP INDEX ticket_waiting;
CREATE INDEX ticket_waiting ON ticket (queue_id, enqueue_at) INCLUDE (held_until) WHERE owner_id IS NULL AND solved_at IS NULL;

-- Part of a word, wherever it stands. PostgreSQL's own extension; whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX ticket_subject_words ON ticket USING gin (subject gin_trgm_ops);
CREATE INDEX customer_name_words ON customer USING gin (name gin_trgm_ops);
CREATE INDEX customer_identity_words ON customer_identity USING gin (value gin_trgm_ops);
