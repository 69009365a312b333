-- One record of who did what: at the door, as before, and to the configuration, with the fields before and after.
ALTER TABLE security_event RENAME TO audit_entry;
ALTER TABLE audit_entry RENAME COLUMN kind TO what;
ALTER TABLE audit_entry DROP CONSTRAINT security_event_kind_check;
ALTER TABLE audit_entry RENAME CONSTRAINT security_event_details_check TO audit_entry_details_check;
ALTER TABLE audit_entry RENAME CONSTRAINT security_event_times_check TO audit_entry_times_check;
ALTER TABLE audit_entry RENAME CONSTRAINT security_event_user_id_fkey TO audit_entry_user_id_fkey;
ALTER TABLE audit_entry RENAME CONSTRAINT security_event_actor_id_fkey TO audit_entry_actor_id_fkey;
ALTER TABLE audit_entry RENAME CONSTRAINT security_event_pkey TO audit_entry_pkey;
ALTER SEQUENCE security_event_id_seq RENAME TO audit_entry_id_seq;
ALTER INDEX security_event_counted RENAME TO audit_entry_counted;
DROP INDEX security_event_age;

ALTER TABLE audit_entry
    ADD COLUMN noun    text NOT NULL DEFAULT '', -- what was changed: queue, user, token, session …; '' = nothing
    ADD COLUMN noun_id bigint,
    ADD COLUMN name    text NOT NULL DEFAULT '', -- as it read then
    ADD COLUMN changes jsonb NOT NULL DEFAULT '{}'; -- {"ring_s": {"before": 20, "after": 30}, "secret": "changed"}

-- The session and the token say by which it was done; what it was done to is a noun.
UPDATE audit_entry SET noun = 'session', noun_id = session_id, session_id = NULL WHERE what = 'session_ended';
UPDATE audit_entry e
SET noun = 'user', noun_id = user_id, name = u.name, what = CASE what WHEN 'user_made' THEN 'made' ELSE 'changed' END,
    changes = CASE what WHEN 'user_made' THEN '{}' ELSE '{"active": {"before": true, "after": false}}' END::jsonb
FROM users u
WHERE what IN ('user_made', 'user_switched_off') AND u.id = e.user_id;
UPDATE audit_entry e
SET noun = 'token', noun_id = token_id, name = t.name, token_id = NULL,
    what = CASE what WHEN 'token_made' THEN 'made' ELSE 'changed' END,
    changes = CASE what WHEN 'token_made' THEN '{}'::jsonb
              ELSE jsonb_build_object('revoked_at', jsonb_build_object('before', NULL, 'after', to_jsonb(at))) END
FROM token t
WHERE what IN ('token_made', 'token_revoked') AND t.id = e.token_id;

ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_what_check CHECK (what IN
    ('signed_in', 'sign_in_failed', 'sign_in_refused', 'signed_out', 'session_ended', 'password_changed', 'password_reset',
     'bound_hit', 'made', 'changed', 'removed', 'exported', 'unmasked'));

-- The newest first, of all and of what each filter leaves.
CREATE INDEX audit_entry_at ON audit_entry (at, id);
CREATE INDEX audit_entry_what ON audit_entry (what, at, id);
CREATE INDEX audit_entry_noun ON audit_entry (noun, at, id) WHERE noun <> '';
CREATE INDEX audit_entry_of_one ON audit_entry (noun, noun_id, at, id) WHERE noun <> '';
CREATE INDEX audit_entry_by ON audit_entry (actor_id, at, id);
CREATE INDEX audit_entry_about ON audit_entry (user_id, at, id);
