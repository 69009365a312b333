#include "store/intake_lookup.hpp"

#include "store/contact_rows.hpp"
#include "store/promises.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

/// A list of pairs as the two array parameters of unnest($1, $2).
template <class A, class B>
std::pair<std::string, std::string> arrays_of(const std::vector<std::pair<A, B>>& pairs) {
    std::vector<A> first;
    std::vector<B> second;
    first.reserve(pairs.size());
    second.reserve(pairs.size());
    for (const auto& [a, b] : pairs) {
        first.push_back(a);
        second.push_back(b);
    }
    return {array_literal(first), array_literal(second)};
}

void take_locks(pipeline& from, const intake_questions& q) {
    if (q.locks.empty()) return;
    static constexpr statement lock{"intake_locks",
                                    "SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT hashtextextended(n, 0) AS k "
                                    "FROM unnest($1::text[]) n ORDER BY 1) s"};
    from.tell(lock, array_literal(q.locks));
}

void take_ids(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.new_contacts + q.new_tickets + q.new_customers == 0) return;
    static constexpr statement ids{"intake_ids",
                                   "SELECT 0, nextval('contact_id_seq') FROM generate_series(1, $1) UNION ALL "
                                   "SELECT 1, nextval('ticket_number') FROM generate_series(1, $2) UNION ALL "
                                   "SELECT 2, nextval('customer_id_seq') FROM generate_series(1, $3)"};
    const auto read = [&out](const pqxx::row& r) {
        std::vector<std::int64_t>* lists[] = {&out.contact_ids, &out.ticket_ids, &out.customer_ids};
        lists[get<int>(r[0])]->push_back(get<std::int64_t>(r[1]));
    };
    from.ask(ids, read, q.new_contacts, q.new_tickets, q.new_customers);
}

/// From three columns: the hash, the date, the head of the text.
known_letter letter_from(const pqxx::row& r, int at) {
    return {get<std::string>(r[at]), get<timestamp>(r[at + 1]), get<std::string>(r[at + 2]),
            parse_text_array(get<std::string>(r[at + 3]))};
}

known_contact contact_from(const pqxx::row& r) {
    return {get<std::int64_t>(r[2]), get<std::optional<std::int64_t>>(r[3]), get<std::string>(r[4]),
            get<std::optional<std::int64_t>>(r[5]), get<std::optional<std::string>>(r[6])};
}

void find_contacts(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.contacts.empty()) return;
    static constexpr statement find{
        "intake_contacts", "SELECT k.g, k.e, c.id, c.ticket_id, c.outcome, c.thread_seq, "
                           "c.delivery, coalesce(c.details->>'letter_hash', ''), c.occurred_at, left(c.text, 4000), "
                           "ARRAY(SELECT sha256 FROM attachment WHERE contact_id = c.id) "
                           "FROM unnest($1::bigint[], $2::text[]) AS k(g, e) JOIN contact "
                           "c ON c.gateway_id = k.g AND c.external_id = k.e"};
    const auto read = [&out](const pqxx::row& r) {
        auto& known = out.contacts[{get<std::int64_t>(r[0]), get<std::string>(r[1])}];
        known = contact_from(r);
        known.letter = letter_from(r, 7);
    };
    const auto [gateways, externals] = arrays_of(q.contacts);
    from.ask(find, read, gateways, externals);
}

void find_calls(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.calls.empty()) return;
    static constexpr statement find{"intake_calls", R"(
        SELECT k.g, k.e, c.id, c.ticket_id, c.customer_id IS NOT NULL, c.direction, c.from_kind, c.from_value,
               c.from_name, c.recipients, c.subject, c.text, c.occurred_at, c.duration_s, c.language, c.flags,
               c.details, c.thread_key
        FROM unnest($1::bigint[], $2::text[]) AS k(g, e) JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e
        WHERE c.channel = 'phone' AND c.outcome = 'ticketed')"};
    const auto read = [&out](const pqxx::row& r) {
        auto& known = out.calls[{get<std::int64_t>(r[0]), get<std::string>(r[1])}];
        known.contact_id = get<std::int64_t>(r[2]);
        known.ticket_id = get<std::optional<std::int64_t>>(r[3]);
        known.has_customer = get<bool>(r[4]);
        auto& c = known.told;
        c.channel = "phone";
        c.external_id = get<std::string>(r[1]);
        c.direction = get<std::string>(r[5]);
        c.from = {get<std::string>(r[6]), get<std::string>(r[7]), get<std::string>(r[8])};
        c.to = parties_from(own_json(get<std::string>(r[9])), "to");
        c.subject = get<std::string>(r[10]);
        c.text = get<std::string>(r[11]);
        c.occurred_at = get<timestamp>(r[12]);
        c.duration_s = get<std::optional<std::int64_t>>(r[13]);
        c.language = get<std::string>(r[14]);
        c.flags = parse_text_array(get<std::string>(r[15]));
        c.details = get<std::string>(r[16]);
        c.thread_key = get<std::string>(r[17]);
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
    static constexpr statement find{"intake_event_targets",
                                    "WITH k AS (SELECT * FROM unnest($1::bigint[], $2::text[]) AS k(g, e)) "
                                    "SELECT k.g, k.e, c.id, c.ticket_id, c.outcome, c.thread_seq, c.delivery "
                                    "FROM k JOIN contact c ON c.message_id = k.e AND c.direction = 'out' UNION ALL "
                                    "SELECT k.g, k.e, c.id, c.ticket_id, c.outcome, c.thread_seq, c.delivery "
                                    "FROM k JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e"};
    const auto read_target = [&out](const pqxx::row& r) {
        out.event_targets[{get<std::int64_t>(r[0]), get<std::string>(r[1])}] = contact_from(r);
    };
    from.ask(find, read_target, gateways, externals);
    static constexpr statement events{
        "intake_events",
        "SELECT e.gateway_id, e.external_id, e.type, e.at, e.details FROM unnest($1::bigint[], $2::text[]) AS "
        "k(g, e) JOIN contact_event e ON e.gateway_id = k.g AND e.external_id = k.e"};
    const auto read_event = [&out](const pqxx::row& r) {
        out.events.emplace(get<std::int64_t>(r[0]), get<std::string>(r[1]), get<std::string>(r[2]),
                           get<std::optional<timestamp>>(r[3]), get<std::string>(r[4]));
    };
    from.ask(events, read_event, gateways, externals);
}

void find_messages(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.message_ids.empty()) return;
    static constexpr statement find{"intake_messages",
                                    "SELECT message_id, gateway_id, ticket_id, id, outcome = 'sent' FROM contact WHERE "
                                    "message_id = ANY($1::text[]) AND ticket_id IS NOT NULL ORDER BY id DESC"};
    const auto read = [&out](const pqxx::row& r) {
        out.messages.emplace(get<std::string>(r[0]), known_message{get<std::int64_t>(r[1]), get<std::int64_t>(r[2]),
                                                                   get<std::int64_t>(r[3]), get<bool>(r[4])});
    };
    from.ask(find, read, array_literal(q.message_ids));
}

/// The tickets of clues, for the three parameters from `first` on. Nobody's mail finds a ticket of others: thousands
/// may answer one newsletter that is not known here.
std::string tickets_of_clues(int first, std::string_view columns) {
    return fmt::format(
        "SELECT {} FROM unnest(${}::text[], ${}::text[], ${}::bool[]) AS k(clue, person, sender) "
        "CROSS JOIN LATERAL (SELECT ticket_id FROM mail_clue WHERE clue = k.clue ORDER BY ticket_id DESC LIMIT 200) m "
        "WHERE EXISTS (SELECT FROM contact c WHERE c.ticket_id = m.ticket_id AND ((c.direction = 'in' AND c.from_value "
        "= "
        "k.person) OR (k.sender AND c.direction = 'out' AND position(to_json(k.person)::text in c.recipients::text) > "
        "0)))",
        columns, first, first + 1, first + 2);
}

struct clue_columns {
    explicit clue_columns(const std::vector<clue_of>& all) {
        for (const auto& one : all) {
            clues.push_back(one.clue);
            people.push_back(one.person);
            senders.emplace_back(one.sender ? "t" : "f");
        }
    }
    std::vector<std::string> clues, people, senders;
};

void find_clues(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.clues.empty()) return;
    static const auto sql = tickets_of_clues(1, "k.clue, k.person, k.sender, m.ticket_id");
    static const statement find{"intake_clues", sql.c_str()};
    const auto read = [&out](const pqxx::row& r) {
        out.clues.emplace(clue_of{get<std::string>(r[0]), get<std::string>(r[1]), get<bool>(r[2])},
                          get<std::int64_t>(r[3]));
    };
    const clue_columns asked{q.clues};
    from.ask(find, read, array_literal(asked.clues), array_literal(asked.people), array_literal(asked.senders));
}

void find_twins(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.twins.empty()) return;
    static constexpr statement find{
        "intake_twins",
        "SELECT DISTINCT ON (k.g, k.e) k.g, k.e, c.id, c.ticket_id, coalesce(t.queue_id, 0), "
        "coalesce(c.details->>'letter_hash', ''), "
        "c.occurred_at, left(c.text, 4000), ARRAY(SELECT sha256 FROM attachment WHERE contact_id = c.id) "
        "FROM unnest($1::bigint[], $2::text[]) AS k(g, e) JOIN contact c ON "
        "c.message_id = k.e AND "
        "c.gateway_id <> k.g AND c.direction = 'in' LEFT JOIN ticket t ON t.id = c.ticket_id ORDER BY k.g, k.e, c.id"};
    const auto read = [&out](const pqxx::row& r) {
        out.twins[{get<std::int64_t>(r[0]), get<std::string>(r[1])}] = {get<std::int64_t>(r[2]),
                                                                        get<std::optional<std::int64_t>>(r[3]),
                                                                        get<std::int64_t>(r[4]), letter_from(r, 5)};
    };
    const auto [gateways, messages] = arrays_of(q.twins);
    from.ask(find, read, gateways, messages);
}

void find_customers(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.identities.empty()) return;
    static constexpr statement find{
        "intake_customers", "SELECT i.kind, i.value, c.id, c.name, c.language FROM unnest($1::text[], $2::text[]) AS "
                            "k(k, v) JOIN customer_identity i ON i.kind = k.k AND i.value = k.v "
                            "JOIN customer c ON c.id = i.customer_id"};
    const auto read = [&out](const pqxx::row& r) {
        out.customers[{get<std::string>(r[0]), get<std::string>(r[1])}] = {
            {get<std::int64_t>(r[2]), get<std::string>(r[3])}, get<std::string>(r[4])};
    };
    const auto [kinds, values] = arrays_of(q.identities);
    from.ask(find, read, kinds, values);
}

/// Those that are named, those of the messages and clues, those that callers have open, and the newest of each thread.
void find_tickets(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.tickets.empty() && q.message_ids.empty() && q.clues.empty() && q.callers.empty() && q.threads.empty() &&
        q.calls.empty())
        return;
    static const auto sql =
        summary_select("t.gateway_id, t.preferred_agent_id, t.thread_key, t.sla, t.sla_check_at, " +
                           std::string{promised_hours_columns} +
                           ", t.owner_id IS NOT NULL AND agent_gone(t.owner_id, q.return_after_s)",
                       promised_hours_join) +
        "WHERE t.id IN (SELECT unnest($1::bigint[]) UNION "
        "SELECT ticket_id FROM contact WHERE message_id = ANY($2::text[]) AND ticket_id IS NOT NULL UNION "
        "SELECT w.id FROM unnest($3::text[], $4::text[]) AS k(k, v) JOIN customer_identity i ON i.kind = k.k AND "
        "i.value = k.v JOIN ticket w ON w.customer_id = i.customer_id AND w.solved_at IS NULL UNION "
        "SELECT max(w.id) FROM unnest($5::bigint[], $6::text[]) AS k(g, e) JOIN ticket w "
        "ON w.gateway_id = k.g AND w.thread_key = k.e AND w.thread_key <> '' GROUP BY k.g, k.e UNION "
        "SELECT c.ticket_id FROM unnest($7::bigint[], $8::text[]) AS k(g, e) JOIN contact c ON c.gateway_id = k.g AND "
        "c.external_id = k.e WHERE c.channel = 'phone' UNION " +
        tickets_of_clues(9, "m.ticket_id") +
        ") "
        "ORDER BY t.id FOR UPDATE OF t";
    static const statement find{"intake_tickets", sql.c_str()};
    const auto read = [&out](const pqxx::row& r) {
        const auto more = r.size() - 9; // behind the summary
        out.tickets.push_back({summary_of(r), get<std::optional<std::int64_t>>(r[more]),
                               get<std::optional<std::int64_t>>(r[more + 1]), get<std::string>(r[more + 2]),
                               get<std::string>(r[more + 3]), get<std::optional<timestamp>>(r[more + 4])});
        auto& t = out.tickets.back();
        if (t.summary.state == "held") t.promised_hours = hours_from(r, static_cast<int>(more + 5));
        t.owner_gone = get<bool>(r[more + 8]);
    };
    const auto [kinds, values] = arrays_of(q.callers);
    const auto [gateways, keys] = arrays_of(q.threads);
    const auto [call_gateways, calls] = arrays_of(q.calls);
    const clue_columns asked{q.clues};
    from.ask(find, read, array_literal(q.tickets), array_literal(q.message_ids), kinds, values, gateways, keys,
             call_gateways, calls, array_literal(asked.clues), array_literal(asked.people),
             array_literal(asked.senders));
}

void find_participants(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.participants.empty()) return;
    static constexpr statement find{
        "intake_participants",
        "SELECT k.t, k.v FROM unnest($1::bigint[], $2::text[]) AS k(t, v) WHERE EXISTS (SELECT FROM contact c WHERE "
        "c.ticket_id = k.t AND (c.from_value = k.v OR position(to_json(k.v)::text in c.recipients::text) > 0))"};
    const auto read = [&out](const pqxx::row& r) {
        out.participants.emplace(get<std::int64_t>(r[0]), get<std::string>(r[1]));
    };
    const auto [tickets, values] = arrays_of(q.participants);
    from.ask(find, read, tickets, values);
}

void count_acknowledgements(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.acknowledged.empty()) return;
    static constexpr statement count{
        "intake_acknowledged",
        "SELECT address, count(*) FROM automatic_answer WHERE address = ANY($1::text[]) AND sent_at BETWEEN "
        "now() - interval '1 hour' AND now() + interval '1 minute' GROUP BY address"};
    const auto read = [&out](const pqxx::row& r) {
        out.acknowledged[get<std::string>(r[0])] = get<std::int64_t>(r[1]);
    };
    from.ask(count, read, array_literal(q.acknowledged));
}

void lock_quarantined(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.mends.empty()) return;
    static constexpr statement lock{"intake_mendable",
                                    "SELECT id FROM contact WHERE id = ANY($1::bigint[]) AND outcome = "
                                    "'quarantined' ORDER BY id FOR UPDATE"};
    const auto read = [&out](const pqxx::row& r) { out.mendable.insert(get<std::int64_t>(r[0])); };
    from.ask(lock, read, array_literal(q.mends));
}

void lock_chat_sessions(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.chat_sessions.empty()) return;
    static constexpr statement lock{"intake_chat_sessions", "SELECT id, last_seq FROM chat_session WHERE id = "
                                                            "ANY($1::text[]) ORDER BY id FOR UPDATE"};
    const auto read = [&out](const pqxx::row& r) {
        out.chat_sessions[get<std::string>(r[0])] = get<std::int64_t>(r[1]);
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
