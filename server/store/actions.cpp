#include <switchboard/store/actions.hpp>

#include <switchboard/store/configuration.hpp>

#include "store/directory/rows.hpp"
#include "store/event_rows.hpp"
#include "store/noun_table.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/ticket_rows.hpp"
#include "store/whole_ticket.hpp"

#include <switchboard/util/form.hpp>

#include <fmt/format.h>

#include <map>
#include <utility>

namespace switchboard::store {
namespace {

/// SELECT … FROM action a with everything that action_of() reads, and this behind it.
std::string select_actions(std::string_view rest) {
    return fmt::format(R"(
        SELECT a.*, k.title AS kind_title, r.name AS requested_name, u.name AS authorised_name, e.name AS ended_name
        FROM action a
        JOIN action_kind k ON k.id = a.kind_id
        JOIN users r ON r.id = a.requested_by
        LEFT JOIN users u ON u.id = a.authorised_by
        LEFT JOIN users e ON e.id = a.ended_by {})",
                       rest);
}

std::optional<named> person_of(const pqxx::field& id, const pqxx::field& name) {
    if (id.is_null()) return std::nullopt;
    return named{get<std::int64_t>(id), get<std::string>(name)};
}

action action_of(const pqxx::row& r) {
    action a;
    a.id = get<std::int64_t>(r["id"]);
    a.ticket_id = get<std::int64_t>(r["ticket_id"]);
    a.kind = {get<std::int64_t>(r["kind_id"]), get<std::string>(r["kind_title"])};
    if (!r["object_id"].is_null())
        a.object = action_object{get<std::int64_t>(r["object_id"]), get<std::string>(r["object_source"]),
                                 get<std::string>(r["object_kind"]), get<std::string>(r["object_key"])};
    a.state = get<std::string>(r["state"]);
    a.form = from_own_json(get<std::string>(r["form"]));
    a.amount = get<std::optional<std::int64_t>>(r["amount"]);
    a.currency = get<std::string>(r["currency"]);
    a.words = get<std::string>(r["words"]);
    a.exceeded = get<std::optional<std::string>>(r["exceeded"]);
    a.bound = get<std::optional<std::int64_t>>(r["bound"]);
    a.used = get<std::optional<std::int64_t>>(r["used"]);
    a.requested_by = {get<std::int64_t>(r["requested_by"]), get<std::string>(r["requested_name"])};
    a.requested_at = get<timestamp>(r["requested_at"]);
    a.authorised_by = person_of(r["authorised_by"], r["authorised_name"]);
    a.authorised_at = get<std::optional<timestamp>>(r["authorised_at"]);
    a.ended_by = person_of(r["ended_by"], r["ended_name"]);
    a.ended_at = get<std::optional<timestamp>>(r["ended_at"]);
    a.note = get<std::string>(r["note"]);
    a.reference = get<std::string>(r["reference"]);
    a.version = get<std::int64_t>(r["version"]);
    return a;
}

std::optional<action> read_action(pqxx::transaction_base& tx, std::int64_t id) {
    static const auto one = select_actions("WHERE a.id = $1");
    const auto rows = query(tx, one, id);
    return rows.empty() ? std::nullopt : std::optional{action_of(rows[0])};
}

/// Held until the transaction ends: whoever counts for its limits waits.
std::optional<action_kind> lock_kind(pqxx::transaction_base& tx, std::int64_t id) {
    if (query(tx, "SELECT FROM action_kind WHERE id = $1 FOR NO KEY UPDATE", id).empty()) return std::nullopt;
    return find_noun<action_kind>(tx, id);
}

std::optional<object_at_hand> read_object(pqxx::transaction_base& tx, std::int64_t id,
                                          std::optional<std::int64_t> customer) {
    const auto rows = query(tx, R"(
        SELECT o.id, o.source, o.kind_id, k.title, o.external_key, o.data,
               coalesce(o.customer_id = $2, false) AS is_customers
        FROM customer_object o JOIN object_kind k ON k.id = o.kind_id
        WHERE o.id = $1 AND o.customer_id IS NOT NULL)",
                            id, customer);
    if (rows.empty()) return std::nullopt;
    const auto r = rows[0];
    return object_at_hand{{get<std::int64_t>(r["id"]), get<std::string>(r["source"]), get<std::string>(r["title"]),
                           get<std::string>(r["external_key"])},
                          get<std::int64_t>(r["kind_id"]),
                          get<std::string>(r["data"]),
                          get<bool>(r["is_customers"])};
}

/// What was authorised and not undone, by this person in a day and for this customer in thirty.
constexpr statement find_used{"action_used", R"(
    SELECT (SELECT coalesce(sum(amount), 0)
            FROM action
            WHERE kind_id = $1 AND authorised_by = $2 AND authorised_at > now() - interval '24 hours'
              AND state IN ('authorised', 'confirmed'))::bigint AS in_a_day,
           (SELECT coalesce(sum(a.amount), 0)
            FROM ticket t
            JOIN action a ON a.ticket_id = t.id
            WHERE t.customer_id = $3 AND a.kind_id = $1 AND a.authorised_at > now() - interval '30 days'
              AND a.state IN ('authorised', 'confirmed'))::bigint AS for_customer)"};

std::vector<limit_at_hand> read_limits(pqxx::transaction_base& tx, std::int64_t kind, std::int64_t person,
                                       std::optional<std::int64_t> customer) {
    const auto rows = query(tx,
                            fmt::format(R"(
        SELECT {} FROM action_limit
        WHERE kind_id = $1
          AND (user_id IS NULL OR user_id = $2)
          AND (role_id IS NULL OR EXISTS (SELECT FROM users u WHERE u.id = $2 AND u.roles @> to_jsonb(role_id)))
        ORDER BY per_action DESC NULLS FIRST, id)",
                                        table_of<action_limit>().columns()),
                            kind, person);
    if (rows.empty()) return {};
    const auto used = query(tx, find_used, kind, person, customer).front();
    std::vector<limit_at_hand> out;
    for (const auto& r : rows)
        out.push_back(
            {from_row<action_limit>(r), get<std::int64_t>(used["in_a_day"]), get<std::int64_t>(used["for_customer"])});
    return out;
}

std::optional<action_at_hand> take(pqxx::transaction_base& tx, const action_questions& q) {
    auto ticket_id = q.ticket;
    if (q.action) {
        const auto rows = query(tx, "SELECT ticket_id FROM action WHERE id = $1", *q.action);
        if (rows.empty()) return std::nullopt;
        ticket_id = get<std::int64_t>(rows[0]["ticket_id"]);
    }
    auto locked = lock_ticket(tx, ticket_id);
    if (!locked) return std::nullopt;
    action_at_hand at{.ticket = std::move(*locked)};
    if (q.action) at.action = read_action(tx, *q.action);
    at.kind = lock_kind(tx, at.action ? at.action->kind.id : q.kind);
    const auto object = at.action && at.action->object ? std::optional{at.action->object->id} : q.object;
    if (object) at.object = read_object(tx, *object, at.ticket.customer_id);
    if (at.kind) at.limits = read_limits(tx, at.kind->id, q.asker.user_id, at.ticket.customer_id);
    return at;
}

std::optional<std::int64_t> id_of(const std::optional<named>& who) {
    return who ? std::optional{who->id} : std::nullopt;
}

std::int64_t write(pqxx::transaction_base& tx, const action& a) {
    static constexpr statement insert{"insert_action", R"(
        INSERT INTO action (ticket_id, kind_id, object_id, object_source, object_kind, object_key, state, form, amount,
                            currency, words, exceeded, bound, used, requested_by, authorised_by, authorised_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        RETURNING id)"};
    static constexpr statement update{"update_action", R"(
        UPDATE action
        SET state = $2, form = $3::jsonb, amount = $4, authorised_by = $5, authorised_at = $6, ended_by = $7,
            ended_at = $8, note = $9, reference = $10, version = $11
        WHERE id = $1)"};
    if (a.id != 0) {
        query(tx, update, a.id, a.state, to_json(a.form), a.amount, id_of(a.authorised_by), a.authorised_at,
              id_of(a.ended_by), a.ended_at, a.note, a.reference, a.version);
        return a.id;
    }
    const auto& o = a.object;
    const auto of_object = [&](std::string action_object::* member) {
        return o ? std::optional{(*o).*member} : std::nullopt;
    };
    return value_of<std::int64_t>(query(
        tx, insert, a.ticket_id, a.kind.id, o ? std::optional{o->id} : std::nullopt, of_object(&action_object::source),
        of_object(&action_object::kind), of_object(&action_object::key), a.state, to_json(a.form), a.amount, a.currency,
        a.words, a.exceeded, a.bound, a.used, a.requested_by.id, id_of(a.authorised_by), a.authorised_at));
}

} // namespace

actions::answer actions::change(action_questions questions, decision decide, keep<action> kept) {
    return run(db_,
               [q = std::move(questions), decide = std::move(decide),
                kept = std::move(kept)](pqxx::connection& c) -> std::expected<action, refusal> {
                   once<action> work{c, kept};
                   const auto at = take(work.tx, q);
                   if (!at)
                       return std::unexpected{
                           refusal::missing(q.action ? "there is no such action" : "there is no such ticket")};
                   const auto wanted = decide(*at);
                   if (!wanted) return std::unexpected{wanted.error()};
                   const auto done = read_action(work.tx, write(work.tx, *wanted)).value();
                   append_event(work.tx, events::action_changed{at->ticket.id, done, q.asker.user_id},
                                about(read_summary(work.tx, at->ticket.id), q.asker.user_id));
                   work.commit(done);
                   return done;
               });
}

boost::asio::awaitable<std::optional<ticket_actions>> actions::of_ticket(std::int64_t ticket, viewer who) {
    return run(db_, [=, who = std::move(who)](pqxx::connection& c) -> std::optional<ticket_actions> {
        static const auto is_visible = fmt::format("SELECT FROM ticket t WHERE t.id = $3 AND {}", ticket_is_visible);
        static const auto all = select_actions("WHERE a.ticket_id = $1 ORDER BY a.id DESC LIMIT 200");
        pqxx::work tx{c};
        if (query(tx, is_visible, sight_of(who), who.user_id, ticket).empty()) return std::nullopt;
        ticket_actions out;
        for (const auto& r : query(tx, all, ticket)) out.items.push_back(action_of(r));
        return out;
    });
}

boost::asio::awaitable<page<listed_action>> actions::list(std::string state, viewer who, page_request part) {
    return run(db_, [=, state = std::move(state), who = std::move(who)](pqxx::connection& c) {
        static const auto some = select_actions(fmt::format(R"(
            JOIN ticket t ON t.id = a.ticket_id
            WHERE a.state = $3 AND a.id > $4 AND {}
            ORDER BY a.id LIMIT $5)",
                                                            ticket_is_visible));
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        const auto rows = query(tx, some, sight_of(who), who.user_id, state, part.after, part.limit + 1);
        std::vector<std::int64_t> ids;
        for (const auto& r : rows) ids.push_back(get<std::int64_t>(r["ticket_id"]));
        std::map<std::int64_t, ticket_summary> tickets;
        for (const auto& r : query(tx, summary_select("", "WHERE t.id = ANY($1::bigint[])"), array_literal(ids)))
            tickets.emplace(get<std::int64_t>(r["id"]), summary_of(r));
        return page_of<listed_action>(rows, part.limit, [&](const pqxx::row& r) {
            listed_action one{action_of(r), {}};
            one.ticket = tickets.at(one.ticket_id);
            return one;
        });
    });
}

} // namespace switchboard::store
