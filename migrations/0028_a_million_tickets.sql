-- Lists are read in their order and no further than the page. What is open follows the days, what is solved the years: the
-- open ones have few indexes, so that intake stays cheap, and what those do not order is sorted; a solved ticket stands
-- in each order once, of all, of its queue, and of who had it. No index names the state (0012).
CREATE INDEX ticket_open_contact ON ticket (last_contact_at, id) WHERE solved_at IS NULL;
CREATE INDEX ticket_open_queue_contact ON ticket (queue_id, last_contact_at, id) WHERE solved_at IS NULL;
-- What waits and what is late is counted from this alone.
DROP INDEX ticket_waiting;
CREATE INDEX ticket_open_queue_enqueued ON ticket (queue_id, enqueue_at, id) INCLUDE (owner_id, held_until, due_at)
    WHERE solved_at IS NULL;
CREATE INDEX ticket_solved_contact ON ticket (last_contact_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_enqueued ON ticket (enqueue_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_queue_contact ON ticket (queue_id, last_contact_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_queue_enqueued ON ticket (queue_id, enqueue_at, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_queue_id ON ticket (queue_id, id) WHERE solved_at IS NOT NULL;
CREATE INDEX ticket_solved_owner_contact ON ticket (owner_id, last_contact_at, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_solved_owner_enqueued ON ticket (owner_id, enqueue_at, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_solved_owner_id ON ticket (owner_id, id) WHERE solved_at IS NOT NULL AND owner_id IS NOT NULL;
CREATE INDEX ticket_solved_channel_contact ON ticket (channel, queue_id, last_contact_at, id) WHERE solved_at IS NOT NULL;
-- Waiting ones are not solved: without this the planner takes them for a fiftieth of what they are, and sorts them all.
CREATE STATISTICS ticket_states (mcv) ON state, solved_at FROM ticket;

-- Part of a word, wherever it stands. PostgreSQL's own extension; whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX ticket_subject_words ON ticket USING gin (subject gin_trgm_ops) WHERE solved_at IS NOT NULL;
CREATE INDEX customer_name_words ON customer USING gin (name gin_trgm_ops);
CREATE INDEX customer_identity_words ON customer_identity USING gin (value gin_trgm_ops);
