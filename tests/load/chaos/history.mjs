// What must be true of the tables and the event log after whatever happened.

/** Each check: [name, wrong things found, of how many]. */
export function check_history(db, { post, people, feed }) {
  const acknowledged = [...post.receipts]
  const contacts = new Map(db.rows(`SELECT id, message_id, ticket_id FROM contact WHERE message_id LIKE 'chaos-%'`).map((c) => [c.id, c]))
  const doubled = db.rows(`SELECT message_id FROM contact WHERE message_id LIKE 'chaos-%' GROUP BY message_id HAVING count(*) > 1`)
  const raw = db.rows(`SELECT count(*) AS n FROM contact c LEFT JOIN contact_raw r ON r.contact_id = c.id WHERE c.direction = 'in' AND c.message_id LIKE 'chaos-%' AND r.contact_id IS NULL`)[0].n
  const lost = acknowledged.filter(([, receipts]) => !contacts.has(receipts[0].contact_id))
  const differing = acknowledged.filter(([, receipts]) => new Set(receipts.map((r) => r.contact_id)).size > 1)

  const acts = people.flatMap((p) => p.done)
  const count_of = new Map()
  for (const { key } of db.rows(`SELECT substring(text from 'chaos-[0-9a-f-]{36}') AS key FROM contact WHERE direction = 'out' AND text LIKE '%chaos-%'
                                 UNION ALL SELECT substring(text from 'chaos-[0-9a-f-]{36}') FROM note WHERE text LIKE '%chaos-%'`))
    count_of.set(key, (count_of.get(key) ?? 0) + 1)
  const told = acts.filter((a) => ['reply', 'note'].includes(a.what))
  const twice = told.filter((a) => (count_of.get(a.key) ?? 0) > 1)
  const forgotten = told.filter((a) => a.status >= 200 && a.status < 300 && (count_of.get(a.key) ?? 0) !== 1)
  const denied = told.filter((a) => a.status >= 400 && (count_of.get(a.key) ?? 0) > 0)

  // Events of a ticket are written under its lock: their ids are its order.
  let owners = 0
  const owner_of = new Map()
  for (const e of db.rows(`SELECT ticket_id, type, coalesce(agent_id, actor_id) AS who, data->'ticket'->'owner'->>'id' AS owner, json_typeof(data->'ticket') = 'object' AS says FROM event WHERE ticket_id IS NOT NULL ORDER BY id`)) {
    const before = owner_of.get(e.ticket_id)
    if (e.type === 'offer.accepted' && before && e.owner && before !== e.owner) owners++
    if (e.says) owner_of.set(e.ticket_id, e.owner)
  }

  const loads = db.rows(`
    SELECT coalesce(l.agent_id, o.agent_id) AS agent, coalesce(l.channel, o.channel) AS channel, coalesce(l.used, 0) AS used, coalesce(o.n, 0) AS open
    FROM (SELECT agent_id, channel, used FROM agent_load WHERE channel <> '*') l
    FULL JOIN (SELECT agent_id, channel, count(*) AS n FROM offer WHERE state IN ('offered', 'active', 'wrapup') GROUP BY 1, 2) o
      ON o.agent_id = l.agent_id AND o.channel = l.channel
    WHERE coalesce(l.used, 0) <> coalesce(o.n, 0)`)

  const row = (place) => `('${place.split('-')[0]}'::xid8, ${place.split('-')[1]})`
  const wanted = new Set(db.rows(`SELECT xid::text || '-' || id AS place FROM event WHERE (xid, id) > ${row(feed.first)} AND (xid, id) <= ${row(feed.until)}`).map((e) => e.place))
  const heard = new Set(feed.places)
  const missed = [...wanted].filter((place) => !heard.has(place))
  const heard_twice = feed.places.filter((place, i) => feed.places.indexOf(place) !== i)
  if (heard_twice.length) console.log(`the feed had ${heard_twice.slice(0, 20).join(', ')} twice`)
  if (missed.length) console.log(`the feed, which began after ${feed.first}, missed ${missed.slice(0, 20).join(', ')}`)

  return [
    ['acknowledged and lost', lost.length, acknowledged.length],
    ['one mail, two contacts', doubled.length, contacts.size],
    ['one mail, two answers', differing.length, acknowledged.filter(([, r]) => r.length > 1).length],
    ['contact without its bytes', raw, contacts.size],
    ['one key acted twice', twice.length, told.length],
    ['done and not there', forgotten.length, told.length],
    ['refused and done', denied.length, told.filter((a) => a.status >= 400).length],
    ['two owners', owners, acts.filter((a) => a.what === 'accept').length],
    ['loads that are not what is open', loads.length, db.rows('SELECT count(*) AS n FROM agent_load')[0].n],
    ['events that the feed missed', missed.length, wanted.size],
    ['events that the feed had twice', heard_twice.length, feed.places.length],
    ['feed told to begin anew', feed.resyncs, feed.connections],
    ['offers open beyond their time', db.rows(`SELECT id FROM offer WHERE state = 'offered' AND expires_at < now() - interval '15 seconds'`).length, acts.length],
  ]
}
