#include "store/intake_lookup.hpp"

#include "store/contact_rows.hpp"
#include "store/intake_tickets.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

void take_locks(pipeline& from, const intake_questions& q) {
    if (q.locks.empty()) return;
    static constexpr statement lock{"intake_locks", R"(
        SELECT pg_advisory_xact_lock(k)
        FROM (SELECT DISTINCT hashtextextended(n, 0) AS k FROM unnest($1::text[]) n ORDER BY 1) s)"};
    from.tell(lock, array_literal(q.locks));
}

void take_ids(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.new_contacts + q.new_tickets + q.new_customers == 0) return;
    static constexpr statement ids{"intake_ids", R"(
        SELECT 'contact' AS noun, nextval('contact_id_seq') AS id
        FROM generate_series(1, $1)
        UNION ALL
        SELECT 'ticket', nextval('ticket_number')
        FROM generate_series(1, $2)
        UNION ALL
        SELECT 'customer', nextval('customer_id_seq')
        FROM generate_series(1, $3))"};
    const auto read = [&out](const pqxx::result& rows) {
        const column<std::string> noun{rows, "noun"};
        const column<std::int64_t> id{rows, "id"};
        for (const auto& r : rows) {
            const auto of = noun(r);
            (of == "contact" ? out.contact_ids : of == "ticket" ? out.ticket_ids : out.customer_ids).push_back(id(r));
        }
    };
    from.ask(ids, read, q.new_contacts, q.new_tickets, q.new_customers);
}

struct letter_columns {
    explicit letter_columns(const pqxx::result& rows)
        : hash{rows, "letter_hash"}, at{rows, "occurred_at"}, text{rows, "letter_text"},
          attachments{rows, "attachments"} {}
    known_letter operator()(const pqxx::row& r) const { return {hash(r), at(r), text(r), attachments(r)}; }

    column<std::string> hash;
    column<timestamp> at;
    column<std::string> text;
    column<std::vector<std::string>> attachments;
};

struct contact_columns {
    explicit contact_columns(const pqxx::result& rows)
        : id{rows, "id"}, ticket{rows, "ticket_id"}, outcome{rows, "outcome"}, seq{rows, "thread_seq"},
          delivery{rows, "delivery"} {}
    known_contact operator()(const pqxx::row& r) const { return {id(r), ticket(r), outcome(r), seq(r), delivery(r)}; }

    column<std::int64_t> id;
    column<std::optional<std::int64_t>> ticket;
    column<std::string> outcome;
    column<std::optional<std::int64_t>> seq;
    column<std::optional<std::string>> delivery;
};

/// What was asked for: a pair of $1 and $2.
template <class A, class B>
struct key_columns {
    key_columns(const pqxx::result& rows, const char* one, const char* other) : first{rows, one}, second{rows, other} {}
    std::pair<A, B> operator()(const pqxx::row& r) const { return {first(r), second(r)}; }

    column<A> first;
    column<B> second;
};
using external_columns = key_columns<std::int64_t, std::string>;

void find_contacts(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.contacts.empty()) return;
    static constexpr statement find{"intake_contacts", R"(
        SELECT k.g, k.e, c.id, c.ticket_id, c.outcome, c.thread_seq, c.delivery,
               coalesce(c.details->>'letter_hash', '') AS letter_hash, c.occurred_at,
               left(c.text, 4000) AS letter_text,
               ARRAY(SELECT sha256 FROM attachment WHERE contact_id = c.id) AS attachments
        FROM unnest($1::bigint[], $2::text[]) AS k(g, e)
        JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e)"};
    const auto read = [&out](const pqxx::result& rows) {
        const external_columns key{rows, "g", "e"};
        const contact_columns contact{rows};
        const letter_columns letter{rows};
        for (const auto& r : rows) {
            auto& known = out.contacts[key(r)];
            known = contact(r);
            known.letter = letter(r);
        }
    };
    const auto [gateways, externals] = arrays_of(q.contacts);
    from.ask(find, read, gateways, externals);
}

void find_calls(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.calls.empty()) return;
    static constexpr statement find{"intake_calls", R"(
        SELECT k.g, k.e, c.id, c.ticket_id, c.customer_id IS NOT NULL AS has_customer, c.direction, c.from_kind, c.from_value,
               c.from_name, c.recipients, c.subject, c.text, c.occurred_at, c.duration_s, c.language, c.flags,
               c.details, c.thread_key
        FROM unnest($1::bigint[], $2::text[]) AS k(g, e) JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e
        WHERE c.channel = 'phone' AND c.outcome = 'ticketed')"};
    const auto read = [&out](const pqxx::result& rows) {
        for (const auto& r : rows) {
            auto& known = out.calls[{get<std::int64_t>(r["g"]), get<std::string>(r["e"])}];
            known.contact_id = get<std::int64_t>(r["id"]);
            known.ticket_id = get<std::optional<std::int64_t>>(r["ticket_id"]);
            known.has_customer = get<bool>(r["has_customer"]);
            auto& c = known.told;
            c.channel = "phone";
            c.external_id = get<std::string>(r["e"]);
            c.direction = get<std::string>(r["direction"]);
            c.from = {get<std::string>(r["from_kind"]), get<std::string>(r["from_value"]),
                      get<std::string>(r["from_name"])};
            c.to = parties_from(own_json(get<std::string>(r["recipients"])), "to");
            c.subject = get<std::string>(r["subject"]);
            c.text = get<std::string>(r["text"]);
            c.occurred_at = get<timestamp>(r["occurred_at"]);
            c.duration_s = get<std::optional<std::int64_t>>(r["duration_s"]);
            c.language = get<std::string>(r["language"]);
            c.flags = get<std::vector<std::string>>(r["flags"]);
            c.details = get<std::string>(r["details"]);
            c.thread_key = get<std::string>(r["thread_key"]);
        }
    };
    const auto [gateways, externals] = arrays_of(q.calls);
    from.ask(find, read, gateways, externals);
}

/// Whoever is offered one of these tickets: a call that ends gives his load back.
void lock_loads_of_calls(pipeline& from, const intake_questions& q) {
    if (q.calls.empty()) return;
    static constexpr statement lock{"intake_loads_of_calls", R"(
        SELECT FROM agent_load
        WHERE channel = '*' AND agent_id IN (
            SELECT o.agent_id FROM unnest($1::bigint[], $2::text[]) AS k(g, e)
            JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e
            JOIN offer o ON o.ticket_id = c.ticket_id AND o.state = 'offered')
        ORDER BY agent_id FOR UPDATE)"};
    const auto [gateways, externals] = arrays_of(q.calls);
    from.tell(lock, gateways, externals);
}

void find_event_targets(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.event_targets.empty()) return;
    const auto [gateways, externals] = arrays_of(q.event_targets);
    static constexpr statement find{"intake_event_targets", R"(
        WITH k AS (SELECT * FROM unnest($1::bigint[], $2::text[]) AS k(g, e))
        SELECT k.g, k.e, c.id, c.ticket_id, c.outcome, c.thread_seq, c.delivery
        FROM k
        JOIN contact c ON c.message_id = k.e AND c.direction = 'out'
        UNION ALL
        SELECT k.g, k.e, c.id, c.ticket_id, c.outcome, c.thread_seq, c.delivery
        FROM k
        JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e)"};
    const auto read_target = [&out](const pqxx::result& rows) {
        const external_columns key{rows, "g", "e"};
        const contact_columns contact{rows};
        for (const auto& r : rows) out.event_targets[key(r)] = contact(r);
    };
    from.ask(find, read_target, gateways, externals);
    static constexpr statement events{"intake_events", R"(
        SELECT e.gateway_id, e.external_id, e.type, e.at, e.details
        FROM unnest($1::bigint[], $2::text[]) AS k(g, e)
        JOIN contact_event e ON e.gateway_id = k.g AND e.external_id = k.e)"};
    const auto read_event = [&out](const pqxx::result& rows) {
        for (const auto& r : rows)
            out.events.emplace(get<std::int64_t>(r["gateway_id"]), get<std::string>(r["external_id"]),
                               get<std::string>(r["type"]), get<std::optional<timestamp>>(r["at"]),
                               get<std::string>(r["details"]));
    };
    from.ask(events, read_event, gateways, externals);
}

void find_messages(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.message_ids.empty()) return;
    static constexpr statement find{"intake_messages", R"(
        SELECT message_id, gateway_id, ticket_id, id, outcome = 'sent' AS sent
        FROM contact
        WHERE message_id = ANY($1::text[]) AND ticket_id IS NOT NULL
        ORDER BY id DESC)"};
    const auto read = [&out](const pqxx::result& rows) {
        const column<std::string> message{rows, "message_id"};
        const column<std::int64_t> gateway{rows, "gateway_id"}, ticket{rows, "ticket_id"}, contact{rows, "id"};
        const column<bool> sent{rows, "sent"};
        for (const auto& r : rows)
            out.messages.emplace(message(r), known_message{gateway(r), ticket(r), contact(r), sent(r)});
    };
    from.ask(find, read, array_literal(q.message_ids));
}

void find_twins(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.twins.empty()) return;
    static constexpr statement find{"intake_twins", R"(
        SELECT DISTINCT ON (k.g, k.e) k.g, k.e, c.id, c.ticket_id, coalesce(t.queue_id, 0) AS queue_id,
               coalesce(c.details->>'letter_hash', '') AS letter_hash, c.occurred_at,
               left(c.text, 4000) AS letter_text,
               ARRAY(SELECT sha256 FROM attachment WHERE contact_id = c.id) AS attachments
        FROM unnest($1::bigint[], $2::text[]) AS k(g, e)
        JOIN contact c ON c.message_id = k.e AND c.gateway_id <> k.g AND c.direction = 'in'
        LEFT JOIN ticket t ON t.id = c.ticket_id
        ORDER BY k.g, k.e, c.id)"};
    const auto read = [&out](const pqxx::result& rows) {
        const external_columns key{rows, "g", "e"};
        const column<std::int64_t> id{rows, "id"}, queue{rows, "queue_id"};
        const column<std::optional<std::int64_t>> ticket{rows, "ticket_id"};
        const letter_columns letter{rows};
        for (const auto& r : rows) out.twins[key(r)] = {id(r), ticket(r), queue(r), letter(r)};
    };
    const auto [gateways, messages] = arrays_of(q.twins);
    from.ask(find, read, gateways, messages);
}

void find_customers(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.identities.empty()) return;
    static constexpr statement find{"intake_customers", R"(
        SELECT i.kind, i.value, c.id, c.name, c.language
        FROM unnest($1::text[], $2::text[]) AS k(k, v)
        JOIN customer_identity i ON i.kind = k.k AND i.value = k.v
        JOIN customer c ON c.id = i.customer_id
        FOR KEY SHARE OF i)"}; // whoever merges the customer waits until we have written (customer_move_rows.hpp)
    const auto read = [&out](const pqxx::result& rows) {
        const key_columns<std::string, std::string> identity{rows, "kind", "value"};
        const column<std::int64_t> id{rows, "id"};
        const column<std::string> name{rows, "name"}, language{rows, "language"};
        for (const auto& r : rows) out.customers[identity(r)] = {{id(r), name(r)}, language(r)};
    };
    const auto [kinds, values] = arrays_of(q.identities);
    from.ask(find, read, kinds, values);
}

void find_participants(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.participants.empty()) return;
    static constexpr statement find{"intake_participants", R"(
        SELECT k.t, k.v
        FROM unnest($1::bigint[], $2::text[]) AS k(t, v)
        WHERE EXISTS (
            SELECT FROM contact c
            WHERE c.ticket_id = k.t
              AND (c.from_value = k.v OR position(to_json(k.v)::text in c.recipients::text) > 0)))"};
    const auto read = [&out](const pqxx::result& rows) {
        const key_columns<std::int64_t, std::string> participant{rows, "t", "v"};
        for (const auto& r : rows) out.participants.insert(participant(r));
    };
    const auto [tickets, values] = arrays_of(q.participants);
    from.ask(find, read, tickets, values);
}

void count_acknowledgements(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.acknowledged.empty()) return;
    static constexpr statement count{"intake_acknowledged", R"(
        SELECT address, count(*) AS count
        FROM automatic_answer
        WHERE address = ANY($1::text[])
          AND sent_at BETWEEN now() - interval '1 hour' AND now() + interval '1 minute'
        GROUP BY address)"};
    const auto read = [&out](const pqxx::result& rows) {
        for (const auto& r : rows) out.acknowledged[get<std::string>(r["address"])] = get<std::int64_t>(r["count"]);
    };
    from.ask(count, read, array_literal(q.acknowledged));
}

void lock_quarantined(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.mends.empty()) return;
    static constexpr statement lock{"intake_mendable", R"(
        SELECT id
        FROM contact
        WHERE id = ANY($1::bigint[]) AND outcome = 'quarantined'
        ORDER BY id FOR UPDATE)"};
    const auto read = [&out](const pqxx::result& rows) {
        for (const auto id : values_of<std::int64_t>(rows)) out.mendable.insert(id);
    };
    from.ask(lock, read, array_literal(q.mends));
}

void lock_chat_sessions(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.chat_sessions.empty()) return;
    static constexpr statement lock{"intake_chat_sessions", R"(
        SELECT id, last_seq
        FROM chat_session
        WHERE id = ANY($1::text[])
        ORDER BY id FOR UPDATE)"};
    const auto read = [&out](const pqxx::result& rows) {
        for (const auto& r : rows) out.chat_sessions[get<std::string>(r["id"])] = get<std::int64_t>(r["last_seq"]);
    };
    from.ask(lock, read, array_literal(q.chat_sessions));
}

} // namespace

intake_answers look_up(pipeline& from, const intake_questions& q) {
    intake_answers out;
    from.tell(keep_plans);
    take_locks(from, q); // before anything is read, so that what is read is what the group before us committed
    take_ids(from, q, out);
    lock_quarantined(from, q, out);
    find_contacts(from, q, out);
    find_event_targets(from, q, out);
    find_messages(from, q, out);
    find_clues(from, q, out);
    find_twins(from, q, out);
    find_customers(from, q, out);
    find_tickets(from, q, out);
    find_calls(from, q, out); // behind the tickets' locks, under which they change
    lock_loads_of_calls(from, q);
    find_participants(from, q, out);
    count_acknowledgements(from, q, out);
    lock_chat_sessions(from, q, out); // after the tickets, as a reply does
    from.run();
    return out;
}

} // namespace switchboard::store
