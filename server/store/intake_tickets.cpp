#include "store/intake_tickets.hpp"

#include "store/promises.hpp"
#include "store/ticket_rows.hpp"

#include <fmt/format.h>

namespace switchboard::store {
namespace {

/// The tickets of clues, for the three parameters from `first` on. Nobody's mail finds a ticket of others: thousands
/// may answer one newsletter that is not known here.
std::string tickets_of_clues(int first, std::string_view columns) {
    return fmt::format(R"(
        SELECT {}
        FROM unnest(${}::text[], ${}::text[], ${}::bool[]) AS k(clue, person, sender)
        CROSS JOIN LATERAL (
            SELECT ticket_id
            FROM mail_clue
            WHERE clue = k.clue
            ORDER BY ticket_id DESC LIMIT 200) m
        WHERE EXISTS (
            SELECT FROM contact c
            WHERE c.ticket_id = m.ticket_id
              AND (c.direction = 'in' AND c.from_value = k.person
                   OR k.sender AND c.direction = 'out'
                      AND position(to_json(k.person)::text in c.recipients::text) > 0)))",
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

} // namespace

void find_clues(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.clues.empty()) return;
    static const auto sql = tickets_of_clues(1, "k.clue, k.person, k.sender, m.ticket_id");
    static const statement find{"intake_clues", sql.c_str()};
    const auto read = [&out](const pqxx::result& rows) {
        const column<std::string> clue{rows, "clue"}, person{rows, "person"};
        const column<bool> sender{rows, "sender"};
        const column<std::int64_t> ticket{rows, "ticket_id"};
        for (const auto& r : rows) out.clues.emplace(clue_of{clue(r), person(r), sender(r)}, ticket(r));
    };
    const clue_columns asked{q.clues};
    from.ask(find, read, array_literal(asked.clues), array_literal(asked.people), array_literal(asked.senders));
}

void find_tickets(pipeline& from, const intake_questions& q, intake_answers& out) {
    if (q.tickets.empty() && q.message_ids.empty() && q.clues.empty() && q.callers.empty() && q.threads.empty() &&
        q.calls.empty())
        return;
    static const auto sql = summary_select(fmt::format(R"(
            t.gateway_id, t.preferred_agent_id, t.thread_key, t.sla, t.sla_check_at, {},
            t.owner_id IS NOT NULL AND agent_gone(t.owner_id, q.return_after_s) AS owner_gone)",
                                                       promised_hours_columns),
                                           promised_hours_join) +
                            fmt::format(R"(
        WHERE t.id IN (
            SELECT unnest($1::bigint[])
            UNION
            SELECT ticket_id
            FROM contact
            WHERE message_id = ANY($2::text[]) AND ticket_id IS NOT NULL
            UNION
            SELECT w.id
            FROM unnest($3::text[], $4::text[]) AS k(k, v)
            JOIN customer_identity i ON i.kind = k.k AND i.value = k.v
            JOIN ticket w ON w.customer_id = i.customer_id AND w.solved_at IS NULL
            UNION
            SELECT max(w.id)
            FROM unnest($5::bigint[], $6::text[]) AS k(g, e)
            JOIN ticket w ON w.gateway_id = k.g AND w.thread_key = k.e AND w.thread_key <> ''
            GROUP BY k.g, k.e
            UNION
            SELECT c.ticket_id
            FROM unnest($7::bigint[], $8::text[]) AS k(g, e)
            JOIN contact c ON c.gateway_id = k.g AND c.external_id = k.e
            WHERE c.channel = 'phone'
            UNION {})
        ORDER BY t.id FOR UPDATE OF t)",
                                        tickets_of_clues(9, "m.ticket_id"));
    static const statement find{"intake_tickets", sql.c_str()};
    const auto read = [&out](const pqxx::result& rows) {
        const column<std::optional<std::int64_t>> gateway{rows, "gateway_id"}, preferred{rows, "preferred_agent_id"};
        const column<std::string> thread{rows, "thread_key"}, sla{rows, "sla"};
        const column<std::optional<timestamp>> check_at{rows, "sla_check_at"};
        const column<bool> owner_gone{rows, "owner_gone"};
        for (const auto& r : rows) {
            out.tickets.push_back({summary_of(r), gateway(r), preferred(r), thread(r), sla(r), check_at(r)});
            auto& t = out.tickets.back();
            if (t.summary.state == "held") t.promised_hours = hours_from(r);
            t.owner_gone = owner_gone(r);
        }
    };
    const auto [kinds, values] = arrays_of(q.callers);
    const auto [gateways, keys] = arrays_of(q.threads);
    const auto [call_gateways, calls] = arrays_of(q.calls);
    const clue_columns asked{q.clues};
    from.ask(find, read, array_literal(q.tickets), array_literal(q.message_ids), kinds, values, gateways, keys,
             call_gateways, calls, array_literal(asked.clues), array_literal(asked.people),
             array_literal(asked.senders));
}

} // namespace switchboard::store
