-- Promises that run follow a change of hours or targets (store/promise_review.cpp).

-- A calendar's hours in each of its versions: a promise counts by those that it was made by, until it is made anew.
-- No foreign key: a promise may outlive its calendar.
CREATE TABLE calendar_version (
    calendar_id  bigint NOT NULL,
    version      integer NOT NULL,
    timezone     text NOT NULL,
    hours        jsonb NOT NULL,
    special_days jsonb NOT NULL,
    PRIMARY KEY (calendar_id, version)
);
INSERT INTO calendar_version SELECT id, version, timezone, hours, special_days FROM calendar;

CREATE FUNCTION keep_calendar_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO calendar_version VALUES (NEW.id, NEW.version, NEW.timezone, NEW.hours, NEW.special_days)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER calendar_kept AFTER INSERT OR UPDATE ON calendar
    FOR EACH ROW EXECUTE FUNCTION keep_calendar_version();

-- Until now a policy did not name the calendar that it counts by.
UPDATE ticket t SET sla = regexp_replace(t.sla, '^\{"policy":"([^"]*)"', '{"policy":"\1, calendar ' || c.id || ' v' || c.version || '"')
    FROM queue q JOIN calendar c ON c.id = q.calendar_id
    WHERE q.id = t.queue_id AND t.sla <> '' AND t.state <> 'solved';

ALTER TABLE sla_entry
    DROP CONSTRAINT sla_entry_kind_check,
    ADD CONSTRAINT sla_entry_kind_check CHECK (kind IN
        ('started', 'paused', 'resumed', 'met', 'breached', 'repriced', 'withdrawn'));

-- Queues whose open tickets are to be looked at, because what is promised to them has changed or is not known yet; a
-- background job goes through each in order of ids, some at a time. No foreign key: a queue can still be deleted.
CREATE TABLE promise_review (
    queue_id bigint PRIMARY KEY,
    after_id bigint NOT NULL DEFAULT 0,       -- tickets up to here are done
    again    boolean NOT NULL DEFAULT true,   -- a second time, for what was written meanwhile by the old terms
    at       timestamptz NOT NULL DEFAULT clock_timestamp() -- not before
);

CREATE FUNCTION review_promises(queues bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO promise_review (queue_id) SELECT DISTINCT q FROM unnest(queues) q WHERE q IS NOT NULL ORDER BY q
        ON CONFLICT (queue_id) DO UPDATE SET after_id = 0, again = true, at = EXCLUDED.at
$$;

CREATE FUNCTION calendar_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM review_promises(ARRAY(SELECT id FROM queue WHERE calendar_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER calendar_reviewed AFTER UPDATE OF timezone, hours, special_days ON calendar FOR EACH ROW
    WHEN ((OLD.timezone, OLD.hours, OLD.special_days) IS DISTINCT FROM (NEW.timezone, NEW.hours, NEW.special_days))
    EXECUTE FUNCTION calendar_reviews();

CREATE FUNCTION queue_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM review_promises(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER queue_reviewed AFTER UPDATE OF calendar_id, sla_target_s ON queue FOR EACH ROW
    WHEN ((OLD.calendar_id, OLD.sla_target_s) IS DISTINCT FROM (NEW.calendar_id, NEW.sla_target_s))
    EXECUTE FUNCTION queue_reviews();

CREATE FUNCTION sla_target_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM review_promises(ARRAY[OLD.queue_id, NEW.queue_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER sla_target_reviewed AFTER INSERT OR UPDATE OR DELETE ON sla_target
    FOR EACH ROW EXECUTE FUNCTION sla_target_reviews();

-- Tickets that are older than promises get theirs.
SELECT review_promises(ARRAY(SELECT id FROM queue));
