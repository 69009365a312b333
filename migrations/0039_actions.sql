-- What agents may do to what customers have: kinds, who may authorise how much, and the ledger of what was asked for.
CREATE TABLE action_kind (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text NOT NULL, -- as it stands in addresses
    title          text NOT NULL,
    object_kind_id bigint REFERENCES object_kind,
    fields         jsonb NOT NULL DEFAULT '[]',
    amount_field   text NOT NULL DEFAULT '',
    currency       text NOT NULL DEFAULT '',
    conditions     jsonb NOT NULL DEFAULT '[]',
    how            text NOT NULL DEFAULT '',
    active         boolean NOT NULL DEFAULT true,
    version        integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX action_kind_name ON action_kind (lower(name));

CREATE TABLE action_limit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind_id      bigint NOT NULL REFERENCES action_kind,
    role_id      bigint REFERENCES role,  -- of who has it; NULL = whatever roles somebody has
    user_id      bigint REFERENCES users, -- of this person; NULL = of everybody
    per_action   bigint,
    per_day      bigint, -- of one person, in 24 hours
    per_customer bigint, -- in 30 days
    version      integer NOT NULL DEFAULT 1
);
CREATE INDEX action_limit_kind ON action_limit (kind_id);

-- It changes under the lock of its ticket's row; what counts for limits, under that of its kind's row, too.
CREATE TABLE action (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id     bigint NOT NULL REFERENCES ticket,
    kind_id       bigint NOT NULL REFERENCES action_kind,
    object_id     bigint, -- which may be gone
    object_source text,
    object_kind   text,
    object_key    text,
    state         text NOT NULL
        CHECK (state IN ('awaiting_approval', 'authorised', 'refused', 'withdrawn', 'confirmed', 'failed')),
    form          jsonb NOT NULL,
    amount        bigint CHECK (amount > 0),
    currency      text NOT NULL DEFAULT '',
    words         text NOT NULL DEFAULT '', -- of who asked for it
    exceeded      text CHECK (exceeded IN ('no_authority', 'per_action', 'per_day', 'per_customer')),
    bound         bigint,
    used          bigint,
    requested_by  bigint NOT NULL REFERENCES users,
    requested_at  timestamptz NOT NULL DEFAULT now(),
    authorised_by bigint REFERENCES users,
    authorised_at timestamptz,
    ended_by      bigint REFERENCES users,
    ended_at      timestamptz,
    note          text NOT NULL DEFAULT '',
    reference     text NOT NULL DEFAULT '',
    version       integer NOT NULL DEFAULT 1,
    CHECK ((authorised_by IS NULL) = (authorised_at IS NULL)),
    CHECK ((state IN ('awaiting_approval', 'authorised')) = (ended_at IS NULL)),
    CHECK (state NOT IN ('authorised', 'confirmed', 'failed') OR authorised_at IS NOT NULL)
);
CREATE INDEX action_ticket ON action (ticket_id, id);
CREATE INDEX action_awaits ON action (id) WHERE state = 'awaiting_approval';
CREATE INDEX action_to_do ON action (id) WHERE state = 'authorised';
CREATE INDEX action_ledger ON action (kind_id, authorised_by, authorised_at) WHERE state IN ('authorised', 'confirmed');

-- Novice and Agent of their own tickets, Senior of those of the queues, Supervisor of all; Admin sets up what there is.
UPDATE role
SET grants = grants || jsonb_build_array(jsonb_build_object('permission', 'action.request', 'reach',
        CASE WHEN id <= 2 THEN 'own' WHEN id = 3 THEN 'queues' ELSE 'all' END)),
    version = version + 1
WHERE id IN (1, 2, 3, 4, 6);
UPDATE role
SET grants = grants || '[{"permission": "config.actions", "reach": "all"}]', version = version + 1
WHERE id = 6;
