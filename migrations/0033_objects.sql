-- What other systems know of customers: orders, accounts, policies.
CREATE TABLE object_kind (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     text NOT NULL, -- as it stands in addresses
    title    text NOT NULL,
    fields   jsonb NOT NULL DEFAULT '[]',
    version  integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX object_kind_name ON object_kind (lower(name));

CREATE TABLE customer_object (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source       text NOT NULL,
    kind_id      bigint NOT NULL REFERENCES object_kind,
    external_key text NOT NULL,
    customer_id  bigint NOT NULL REFERENCES customer,
    data         jsonb NOT NULL,
    observed_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source, kind_id, external_key)
);
CREATE INDEX customer_object_customer ON customer_object (customer_id, id);

ALTER TABLE customer_move ADD COLUMN object_ids bigint[] NOT NULL DEFAULT '{}';
