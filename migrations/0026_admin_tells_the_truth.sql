-- What a ticket can be solved as is its queue's own list. A ticket keeps the words as they were when it was solved.
ALTER TABLE queue ADD COLUMN dispositions jsonb NOT NULL DEFAULT '[{"id": "resolved", "name": "Resolved", "retired": false},
    {"id": "follow_up", "name": "Needs follow-up", "retired": false}]';
ALTER TABLE ticket DROP CONSTRAINT ticket_disposition_check;
ALTER TABLE ticket ADD COLUMN disposition_name text;
UPDATE ticket SET disposition_name = CASE disposition WHEN 'resolved' THEN 'Resolved' ELSE 'Needs follow-up' END
    WHERE disposition IS NOT NULL;

-- The words of a queue's disposition; null where it has no such, or has retired it.
CREATE FUNCTION disposition_name(of_queue bigint, wanted text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT d->>'name' FROM queue, jsonb_array_elements(dispositions) d
    WHERE queue.id = of_queue AND d->>'id' = wanted AND NOT (d->>'retired')::boolean
$$;

-- A rule without a condition held for everything: now it says so.
UPDATE rule SET conditions = '{"always": true}'
    WHERE NOT EXISTS (SELECT FROM jsonb_each(conditions) c WHERE c.value NOT IN ('[]', 'null', '""'));

-- The last that came by a gateway.
CREATE INDEX contact_gateway_in ON contact (gateway_id, id) WHERE direction = 'in';
