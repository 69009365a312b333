-- A center that has worked for years: tickets with three contacts each and, once solved, two events, over the queues, gateways and
-- agents that there are. Set-based, so that a million takes minutes:  psql -v tickets=1000000 -f tests/load/fill.sql
-- Same number, same tickets: nothing here is random but by the hash of a row's number. An empty center first gets eight
-- queues, a gateway each, and the agents filled0 … filled11, each of three queues; the supervisor is `filled-all`.
\set ON_ERROR_STOP on

SET synchronous_commit = off;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';
SET client_min_messages = warning;

INSERT INTO queue (name, ring_s)
SELECT 'Filled ' || i, 3600 FROM generate_series(1, 8) i WHERE (SELECT count(*) FROM queue WHERE active) < 8;
INSERT INTO gateway (name, kind, queue_id)
SELECT 'filled-' || id, 'email', id FROM queue WHERE name LIKE 'Filled %' ON CONFLICT DO NOTHING;
INSERT INTO users (login, name, roles)
SELECT 'filled' || i, 'Filled Agent ' || i, '[2]'::jsonb FROM generate_series(0, 11) i
UNION ALL SELECT 'filled-all', 'Filled Supervisor', '[4]'::jsonb ON CONFLICT DO NOTHING;
INSERT INTO queue_member (queue_id, agent_id)
SELECT q.id, a.id FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users WHERE login ~ '^filled[0-9]+$') a
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM queue WHERE active) q ON (q.n + 8 - a.n % 8) % 8 < 3
ON CONFLICT DO NOTHING;

CREATE TEMP TABLE word (n serial, of text);
INSERT INTO word (of) SELECT unnest(string_to_array(
  'account address agreement amount answer appointment battery bill booking branch broken cable cancel card change charge '
  'claim code colour complaint confirm contract coverage credit customer damage date deadline defect delay delivery deposit '
  'device discount document door driver duplicate e-mail engine error estimate exchange expired family fault fee filter fire '
  'form garage glass guarantee heating holiday house insurance interest invoice item kettle key late letter licence lock login '
  'lost machine manual medical meter missing mobile model month motor name notice number offer office order overdue owner parcel '
  'password payment pending phone picture police policy premium price product proof quote rate receipt refund reminder repair '
  'replace report request return roof sale screen service ship signature size spare statement status storm subscription theft '
  'ticket travel update urgent valid vehicle voucher warranty water window year', ' '));
CREATE TEMP TABLE given (n serial, of text);
INSERT INTO given (of) SELECT unnest(string_to_array(
  'Ana Ben Carla David Elena Felix Greta Hugo Ines Jan Katja Luis Mara Nils Olga Pablo Rosa Sven Tina Uwe Vera Walid Xenia Yusuf '
  'Zoe Amira Bruno Chloe Dario Emma', ' '));
CREATE TEMP TABLE family (n serial, of text);
INSERT INTO family (of) SELECT unnest(string_to_array(
  'Ruiz Bauer Costa Duval Eriksen Ferrari Garcia Horvat Ivanov Jensen Kowalski Lopez Moreau Novak Olsen Petrov Quinn Rossi '
  'Schmidt Tanaka Urban Vogel Weber Yilmaz Zeman Almeida Becker Conti Dubois Engel', ' '));

-- A number between 0 and n - 1 that belongs to this row and this question.
CREATE FUNCTION pg_temp.roll(of bigint, question int, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT (hashint8extended(of, question) & 9223372036854775807) % n $$;
CREATE FUNCTION pg_temp.words(of bigint, question int, many int) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(w.of, ' ' ORDER BY i) FROM generate_series(1, many) i
  JOIN word w ON w.n = 1 + pg_temp.roll($1, $2 * 1000 + i, (SELECT count(*) FROM word)) $$;
-- Every text once, then chosen from: a function call for each of millions of bodies would take an hour.
CREATE TEMP TABLE body AS SELECT n, pg_temp.words(n, 1, 60 + pg_temp.roll(n, 2, 80)::int) AS of FROM generate_series(0, 4999) n;
CREATE TEMP TABLE subject AS SELECT n, initcap(pg_temp.words(n, 3, 3 + pg_temp.roll(n, 4, 3)::int)) AS of FROM generate_series(0, 9999) n;
CREATE TEMP TABLE q AS SELECT id, (row_number() OVER (ORDER BY id)) - 1 AS n FROM queue WHERE active;
CREATE TEMP TABLE g AS SELECT id, (row_number() OVER (ORDER BY id)) - 1 AS n FROM gateway;
CREATE TEMP TABLE a AS SELECT id, (row_number() OVER (ORDER BY id)) - 1 AS n FROM users WHERE roles = '[2]';
CREATE UNIQUE INDEX ON body (n); CREATE UNIQUE INDEX ON subject (n); ANALYZE body; ANALYZE subject;

BEGIN;
CREATE TEMP TABLE first AS SELECT coalesce((SELECT max(id) FROM customer), 0) AS customer, nextval('ticket_number') AS ticket,
                                  coalesce((SELECT max(id) FROM contact), 0) AS contact;

INSERT INTO customer (id, name, created_at)
SELECT f.customer + i, gi.of || ' ' || fa.of, now() - make_interval(days => (i % 1500)::int)
FROM first f, generate_series(1, :tickets / 5) i
JOIN given gi ON gi.n = 1 + pg_temp.roll(i, 10, 30) JOIN family fa ON fa.n = 1 + pg_temp.roll(i, 11, 30);
INSERT INTO customer_identity (kind, value, customer_id)
SELECT 'email', 'filled' || i || '@example.net', f.customer + i FROM first f, generate_series(1, :tickets / 5) i;
INSERT INTO customer_identity (kind, value, customer_id)
SELECT 'tel', '+4930' || lpad(i::text, 8, '0'), f.customer + i FROM first f, generate_series(1, :tickets / 5) i WHERE i % 2 = 0;
SELECT setval(pg_get_serial_sequence('customer', 'id'), (SELECT max(id) FROM customer));

-- One in fifty is open, two thousand at most: what is open follows the days, not the years. Five years, evenly.
INSERT INTO ticket (id, state, queue_id, gateway_id, channel, customer_id, subject, priority, language, enqueue_at, opened_at,
                    last_contact_at, held_until, solved_at, disposition, preferred_agent_id, owner_id, due_at)
SELECT f.ticket + i, s.state, q.id, g.id,
       (ARRAY['email', 'email', 'email', 'email', 'email', 'phone', 'phone', 'chat', 'chat', 'fax'])[1 + pg_temp.roll(i, 20, 10)],
       f.customer + 1 + pg_temp.roll(i, 21, :tickets / 5), su.of, 3 + pg_temp.roll(i, 22, 5), 'en',
       t.at, t.at, t.at + interval '3 hours', CASE s.state WHEN 'held' THEN now() + interval '3 days' END,
       CASE s.state WHEN 'solved' THEN t.at + interval '4 hours' END, CASE s.state WHEN 'solved' THEN 'resolved' END,
       a.id, CASE s.state WHEN 'solved' THEN a.id END,
       CASE s.state WHEN 'waiting' THEN now() + make_interval(secs => pg_temp.roll(i, 29, 72000) - 3600) END -- few are late
FROM first f, generate_series(1, :tickets) i
CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.roll(i, 23, :tickets) >= least(:tickets / 50, 2000) THEN 'solved'
                                WHEN i % 5 < 3 THEN 'waiting' ELSE 'held' END AS state) s
CROSS JOIN LATERAL (SELECT CASE s.state WHEN 'solved' THEN now() - interval '5 hours'
                                             - make_interval(secs => pg_temp.roll(i, 24, 157000000))
                                ELSE now() - make_interval(secs => 4 * 3600 + pg_temp.roll(i, 24, 86400)) END AS at) t
JOIN q ON q.n = pg_temp.roll(i, 25, (SELECT count(*) FROM q)) JOIN g ON g.n = pg_temp.roll(i, 26, (SELECT count(*) FROM g))
JOIN a ON a.n = pg_temp.roll(i, 27, (SELECT count(*) FROM a)) JOIN subject su ON su.n = pg_temp.roll(i, 28, 10000);
SELECT setval('ticket_number', (SELECT max(id) FROM ticket));

-- The customer's, the answer, the thanks.
INSERT INTO contact (id, gateway_id, external_id, ticket_id, customer_id, channel, direction, outcome, author_id, from_kind,
                     from_value, subject, text, occurred_at, received_at, language, delivery)
SELECT f.contact + 3 * i + k, t.gateway_id, 'filled-' || i || '-' || k, t.id, t.customer_id, t.channel,
       CASE k WHEN 1 THEN 'out' ELSE 'in' END, CASE k WHEN 1 THEN 'sent' ELSE 'ticketed' END,
       CASE k WHEN 1 THEN t.preferred_agent_id END, CASE k WHEN 1 THEN '' ELSE 'email' END,
       CASE k WHEN 1 THEN '' ELSE 'filled' || (t.customer_id - f.customer) || '@example.net' END,
       t.subject, b.of, t.opened_at + k * interval '90 minutes', t.opened_at + k * interval '90 minutes', 'en',
       CASE k WHEN 1 THEN 'sent' END
FROM first f, generate_series(1, :tickets) i, generate_series(0, 2) k, ticket t, body b
WHERE t.id = f.ticket + i AND b.n = pg_temp.roll(3 * i + k, 30, 5000);
-- One in a hundred could not be understood.
INSERT INTO contact (id, gateway_id, external_id, channel, direction, outcome, from_kind, from_value, subject, text,
                     occurred_at, received_at, quarantine)
SELECT f.contact + 3 * :tickets + 3 + i, g.id, 'refused-' || f.contact || '-' || i, 'email', 'in', 'quarantined', 'email',
       'filled' || i || '@example.net', su.of, '', now() - make_interval(mins => i::int), now() - make_interval(mins => i::int),
       'unreadable'
FROM first f, generate_series(1, :tickets / 100) i
JOIN g ON g.n = pg_temp.roll(i, 31, (SELECT count(*) FROM g)) JOIN subject su ON su.n = pg_temp.roll(i, 32, 10000);
SELECT setval(pg_get_serial_sequence('contact', 'id'), (SELECT max(id) FROM contact));

INSERT INTO event (type, at, ticket_id, queue_id, actor_id, data)
SELECT 'ticket.changed', t.opened_at + k * interval '2 hours', t.id, t.queue_id, t.preferred_agent_id,
       jsonb_build_object('change', (ARRAY['transferred', 'solved'])[k], 'by', t.preferred_agent_id, 'in_place_of', null,
                          'released', null, 'ticket', to_jsonb(told))
FROM first f, generate_series(1, 2) k, ticket t JOIN queue q ON q.id = t.queue_id
CROSS JOIN LATERAL (
    SELECT t.id, t.id::text AS number, t.state, jsonb_build_object('id', q.id, 'name', q.name) AS queue, t.channel, t.subject,
           t.tier, t.priority, t.language, t.enqueue_at, t.due_at, t.held_until, t.disposition, t.disposition_name, t.opened_at,
           t.last_contact_at, t.solved_at, t.version) AS told
WHERE t.id > f.ticket AND t.state = 'solved';
-- And one ticket of five thousand entries: the first.
INSERT INTO note (ticket_id, author_id, text, created_at)
SELECT f.ticket + 1, a.id, 'Called again, ' || i, now() - make_interval(mins => i) FROM first f, a, generate_series(1, 5000) i
WHERE a.n = 0;
COMMIT;
VACUUM (ANALYZE) ticket, contact, customer, customer_identity, event, note;
