-- Why agents are not ready is a list that the center keeps. It starts with what the console has offered so far.
CREATE TABLE absence_reason (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position bigint NOT NULL,
    name text NOT NULL,
    enabled boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX absence_reason_name ON absence_reason (lower(name));

INSERT INTO absence_reason (position, name, enabled)
VALUES (10, 'Break', true), (20, 'Lunch', true), (30, 'Meeting', true), (40, 'Training', true), (50, 'Back office', true);

-- Whoever is away says so with the words of the list.
UPDATE presence p SET reason = r.name FROM absence_reason r WHERE replace(p.reason, '_', ' ') = lower(r.name);
