-- What becomes of a ticket whose customer leaves before anybody has it in hand: somebody calls back (where a number is
-- known; else it stays), it is closed, or it stays as it is.
ALTER TABLE queue ADD COLUMN left_action text NOT NULL DEFAULT 'call_back' CHECK (left_action IN ('call_back', 'close', 'stay'));

-- Who is absent for longer than this has what is live in his hands taken back to the queue.
ALTER TABLE queue ADD COLUMN return_after_s integer NOT NULL DEFAULT 60 CHECK (return_after_s BETWEEN 0 AND 86400);

-- A process that people have sockets to. It renews its row each second: one that was killed is known by its silence.
CREATE TABLE live_node (
    id      text PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);
-- Whose sockets are open where: a row from a session's first socket on a node to its last.
CREATE TABLE live_session (
    node       text NOT NULL,
    session_id bigint NOT NULL,
    agent_id   bigint NOT NULL,
    PRIMARY KEY (node, session_id)
);
CREATE INDEX live_session_agent ON live_session (agent_id);

ALTER TABLE presence
    ADD COLUMN absent_since timestamptz, -- without a living socket on any node; null = with one, or never heard of
    ADD COLUMN absent boolean NOT NULL DEFAULT false, -- for so long that he is offered nothing and others were told
    ADD COLUMN returns_at timestamptz; -- he is not there: when to look at what he has in hand again; null = never
CREATE INDEX presence_absent ON presence (absent_since) WHERE absent_since IS NOT NULL AND state <> 'offline';
CREATE INDEX presence_returns ON presence (returns_at) WHERE returns_at IS NOT NULL;
UPDATE presence SET absent_since = now() WHERE state <> 'offline'; -- until their sockets are open again

-- Whether somebody is on the other end just now.
CREATE FUNCTION is_live(t ticket) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE t.channel
        WHEN 'chat' THEN NOT EXISTS (SELECT FROM chat_session s WHERE s.id = t.thread_key AND s.gateway_id = t.gateway_id
                                     AND s.closed_at IS NOT NULL)
        WHEN 'phone' THEN NOT t.left_message
            AND NOT EXISTS (SELECT FROM callback c WHERE c.ticket_id = t.id AND c.ended_at IS NULL)
            AND coalesce((SELECT c.duration_s IS NULL FROM contact c WHERE c.ticket_id = t.id AND c.channel = 'phone'
                          ORDER BY c.id DESC LIMIT 1), false)
        ELSE t.channel = 'walkin' END
$$;

-- Whether somebody is not there for his tickets, of a queue that bears an absence of so many seconds.
CREATE FUNCTION agent_gone(agent bigint, bears_s integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT u.active OR coalesce(
        p.state = 'offline' OR (p.absent AND p.absent_since + make_interval(secs => bears_s) <= now()), false)
    FROM users u LEFT JOIN presence p ON p.agent_id = u.id WHERE u.id = agent
$$;
