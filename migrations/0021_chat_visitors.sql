-- When the visitor was last sent what was said: he may ask for it once in some minutes.
ALTER TABLE chat_session ADD COLUMN transcript_at timestamptz;

-- How many are served before a visitor who waits: asked each second at most, and the first few are all that it reads.
CREATE INDEX ticket_live_waiting ON ticket (queue_id, tier, priority DESC, enqueue_at, id)
    WHERE owner_id IS NULL AND solved_at IS NULL AND channel IN ('phone', 'chat', 'walkin');
