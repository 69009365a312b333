-- How far a mailbox has been fetched, and how that goes. One row for each gateway that fetches.
CREATE TABLE mailbox_state (
    gateway_id      bigint PRIMARY KEY REFERENCES gateway,
    place           text NOT NULL DEFAULT '', -- user@host:port/folder that the numbers below are of
    uidvalidity     bigint NOT NULL DEFAULT 0,
    last_uid        bigint NOT NULL DEFAULT 0, -- up to here all is committed, and settled in the mailbox
    claimed_by      text,                      -- one node at a time fetches a mailbox
    claimed_until   timestamptz,
    last_success_at timestamptz,
    last_error_at   timestamptz,
    last_error      text NOT NULL DEFAULT ''   -- empty since it went well
);
