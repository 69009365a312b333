-- A queue may offer a ticket to several agents at once: the first who accepts has it.
ALTER TABLE queue ADD COLUMN fan_out smallint NOT NULL DEFAULT 1 CHECK (fan_out BETWEEN 1 AND 16);

-- As before; `sibling`: others are offered the ticket already. `alone`: nobody else may be (offer.exclusive).
DROP FUNCTION make_offer(bigint, bigint, bigint, text, integer, double precision, json, bigint);
CREATE FUNCTION make_offer(tid bigint, ver bigint, agent bigint, chan text, w integer, ring_s double precision, explained json,
                           lease_epoch bigint, sibling boolean, alone boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM FROM ticket WHERE id = tid AND state = CASE WHEN sibling THEN 'offered' ELSE 'waiting' END AND version = ver;
    IF NOT FOUND OR NOT take_load(agent, chan, w) THEN RETURN NULL; END IF;
    INSERT INTO offer (ticket_id, agent_id, queue_id, channel, weight, exclusive, why, epoch, expires_at)
        SELECT tid, agent, queue_id, chan, w, alone, explained::jsonb || jsonb_build_object(
                'skills', (SELECT coalesce(jsonb_agg(s.name ORDER BY s.name), '[]') FROM jsonb_array_elements(t.skills) term
                           JOIN skill s ON s.id = (term->>'skill_id')::bigint),
                'licences', (SELECT coalesce(jsonb_agg(l.name ORDER BY l.name), '[]') FROM jsonb_array_elements(t.licences) term
                             JOIN licence l ON l.id = (term->>'licence_id')::bigint)),
               lease_epoch, now() + make_interval(secs => ring_s)
        FROM ticket t WHERE t.id = tid RETURNING id INTO made;
    UPDATE ticket SET state = 'offered', version = version + 1 WHERE id = tid;
    RETURN made;
END $$;

-- As before; while others are offered the ticket it does not wait again.
CREATE OR REPLACE FUNCTION end_offer(tid bigint, agent bigint, new_state text, why_ended text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    ended offer;
BEGIN
    UPDATE offer SET state = new_state, reason = why_ended, ended_at = now()
        WHERE ticket_id = tid AND agent_id = agent AND state = 'offered' RETURNING * INTO ended;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM give_load(agent, ended.channel, ended.weight);
    UPDATE ticket SET state = 'waiting', version = version + 1 WHERE id = tid AND state = 'offered'
        AND NOT EXISTS (SELECT FROM offer WHERE ticket_id = tid AND state = 'offered');
    RETURN ended.id;
END $$;
