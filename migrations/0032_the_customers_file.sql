-- Customers made by hand, merged and split. What moves is kept by number, so that it can be moved back.
ALTER TABLE customer
    ADD COLUMN merged_into bigint REFERENCES customer, -- whoever asks for this one is shown that one
    ADD COLUMN created_by bigint REFERENCES users,     -- null: intake
    ADD CHECK (merged_into <> id);

ALTER TABLE customer_identity
    ADD COLUMN verification text NOT NULL DEFAULT 'claimed' CHECK (verification IN ('claimed', 'confirmed')),
    ADD COLUMN confirmed_how text NOT NULL DEFAULT '',
    ADD COLUMN confirmed_by bigint REFERENCES users,
    ADD COLUMN confirmed_at timestamptz,
    ADD CHECK ((verification = 'confirmed') = (confirmed_at IS NOT NULL));

CREATE TABLE customer_move (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('merge', 'split')),
    from_id    bigint NOT NULL REFERENCES customer,
    to_id      bigint NOT NULL REFERENCES customer CHECK (to_id <> from_id),
    identities jsonb NOT NULL,    -- [{"kind", "value"}]
    ticket_ids bigint[] NOT NULL,
    filled     jsonb NOT NULL DEFAULT '{}', -- what the customer who stays got of the other's, by field
    reason     text NOT NULL,
    by_id      bigint REFERENCES users,
    moved_at   timestamptz NOT NULL DEFAULT now(),
    undone_by  bigint REFERENCES users,
    undone_at  timestamptz
);
CREATE INDEX customer_move_from ON customer_move (from_id, id);
CREATE INDEX customer_move_to ON customer_move (to_id, id);

-- Who is meant by the number of a customer that may have been merged since.
CREATE FUNCTION current_customer(wanted bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE way AS (
        SELECT id, merged_into FROM customer WHERE id = wanted
        UNION ALL
        SELECT c.id, c.merged_into FROM way JOIN customer c ON c.id = way.merged_into)
    SELECT id FROM way WHERE merged_into IS NULL
$$;
