-- Lists are read in their order and no further than the page. A ticket stands in each of these orders once: among the open
-- ones or among the solved ones, for all, for its queue, and for who had it. No index names the state (0012).
CREATE INDEX ticket_open_contact ON ticket (last_contact_at, id) WHERE solved_at IS NULL;
CREATE INDEX ticket_open_queue_contact ON ticket (queue_id, last_contact_at, id) WHERE solved_at IS NULL;
CREATE INDEX ticket_open_queue_enqueued ON ticket (queue_id, enqueue_at, id) WHERE solved_at IS NULL;
CREATE INDEX ticket_open_queue_id ON ticket (queue_id, id) WHERE solved_at IS NULL;
CREATE INDEX ticket_solved_contact ON ticket (last_contact_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_queue_contact ON ticket (queue_id, last_contact_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_queue_enqueued ON ticket (queue_id, enqueue_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_queue_id ON ticket (queue_id, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_owner_contact ON ticket (owner_id, last_contact_at, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_solved_owner_enqueued ON ticket (owner_id, enqueue_at, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_solved_owner_id ON ticket (owner_id, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_channel_contact ON ticket (channel, queue_id, last_contact_at, id);
-- What is late, and what waits, is counted from these alone. A queued ticket is held no more (held_until).
CREATE INDEX ticket_due ON ticket (queue_id, due_at) WHERE solved_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX ticket_queued ON ticket (queue_id, enqueue_at) WHERE owner_id IS NULL AND solved_at IS NULL AND held_until IS NULL;
-- Waiting ones are not solved: without this the planner takes them for a fiftieth of what they are, and sorts them all.
CREATE STATISTICS ticket_states (mcv) ON state, solved_at FROM ticket;

-- Part of a word, wherever it stands. PostgreSQL's own extension; whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX ticket_subject_words ON ticket USING gin (subject gin_trgm_ops);
CREATE INDEX customer_name_words ON customer USING gin (name gin_trgm_ops);
CREATE INDEX customer_identity_words ON customer_identity USING gin (value gin_trgm_ops);
