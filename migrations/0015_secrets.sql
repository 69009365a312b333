-- What other rows keep secret, sealed by the program with a key that is not in the database (docs/secrets.md). `box`
-- opens only at its place: owner, owner_id and name are part of what it was sealed with. The program moves what was
-- kept in the open before this when it starts.
CREATE TABLE secret (
    owner      text NOT NULL CHECK (owner IN ('gateway', 'setting')),
    owner_id   bigint NOT NULL, -- of a setting: 0
    name       text NOT NULL,   -- 'imap.password': the member of the owner's settings
    key_id     text NOT NULL,   -- of the key that opens it
    box        bytea NOT NULL,  -- nonce and ciphertext
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, owner_id, name)
);
CREATE INDEX secret_key ON secret (key_id);
