-- What another system has removed stays as a key with a time and without a customer, so that nothing older brings it back.
ALTER TABLE customer_object
    ALTER COLUMN customer_id DROP NOT NULL,                   -- null: removed
    ADD COLUMN told_customer_id bigint REFERENCES customer, -- whose it was said to be: by this number,
    ADD COLUMN told_kind text,                               -- or by this address
    ADD COLUMN told_value text;
CREATE INDEX customer_object_removed ON customer_object (received_at) WHERE customer_id IS NULL;

ALTER TABLE customer_move ADD COLUMN undo_reason text NOT NULL DEFAULT '';

-- Who may see an event that is of no single ticket: the members of all these queues, and these people.
ALTER TABLE event
    ADD COLUMN queue_ids bigint[],
    ADD COLUMN agent_ids bigint[];
