-- A quarantined input that was understood later keeps its row and its bytes. If its sender had repeated it meanwhile and
-- the repeat was understood, it is only a repeat of that one.
ALTER TABLE contact DROP CONSTRAINT contact_outcome_check;
ALTER TABLE contact ADD CONSTRAINT contact_outcome_check
    CHECK (outcome IN ('ticketed', 'bounce', 'quarantined', 'sent', 'repeat'));
CREATE INDEX contact_raw_shared ON contact_raw (shared_with) WHERE shared_with IS NOT NULL;

-- An address that refuses our mail: the agent is told before writing again.
ALTER TABLE customer_identity ADD COLUMN bounced_at timestamptz, ADD COLUMN bounce_reason text NOT NULL DEFAULT '';

-- What a queue answers by itself to the first mail of a ticket; empty = nothing.
ALTER TABLE queue ADD COLUMN acknowledgement text NOT NULL DEFAULT '';
-- Automatic answers by address, for the caps that end a conversation of two machines.
CREATE TABLE automatic_answer (
    address    text NOT NULL,
    sent_at    timestamptz NOT NULL DEFAULT now(),
    contact_id bigint NOT NULL REFERENCES contact
);
CREATE INDEX automatic_answer_address ON automatic_answer (address, sent_at);

-- Two reports on one mail within one second are two: a repeat is one that says the same.
ALTER TABLE contact_event DROP CONSTRAINT contact_event_gateway_id_external_id_type_at_key;
CREATE UNIQUE INDEX contact_event_once ON contact_event (gateway_id, external_id, type, at, md5(details::text))
    NULLS NOT DISTINCT;
