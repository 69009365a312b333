#include "store/desk_act.hpp"
#include "store/draft_rows.hpp"

#include <algorithm>

namespace switchboard::store {

namespace {

/// Why those who were offered the ticket are so no longer.
std::string rescinded_because(const events::ticket_changed& what) {
    if (!what.cause.empty()) return what.cause;
    return what.change == events::ticket_change::assigned ? "the ticket is with somebody else"
                                                          : std::string{name_of(what.change)};
}

void tell_rescinded(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_summary& now,
                    locked_ticket::sibling whose, std::string_view reason) {
    append_event(
        tx,
        events::offer_rescinded{{whose.offer_id, before.id, whose.agent_id, std::string{reason}, std::nullopt, now}},
        {before.id, now.queue.id, whose.agent_id});
}

} // namespace

const viewer& the_system() {
    static const viewer nobody{0, role::admin, {}};
    return nobody;
}

std::unexpected<desk_refusal> refuse(desk_refusal::kind why, std::string detail, std::string field) {
    return std::unexpected{desk_refusal{why, std::move(detail), std::move(field)}};
}

std::optional<desk_refusal> obstacle_to(ticket_action a, const viewer& who, const locked_ticket& t) {
    auto offered_to = t.offer_state == "offered" ? t.offer_agent : std::nullopt;
    if (std::ranges::find(t.siblings, who.user_id, &locked_ticket::sibling::agent_id) != t.siblings.end())
        offered_to = who.user_id;
    switch (may_act(a, who, t.state, t.queue_id, t.owner_id, offered_to)) {
    case obstacle::none:
        return std::nullopt;
    case obstacle::not_visible:
        return desk_refusal{desk_refusal::kind::not_found, "there is no such ticket", ""};
    case obstacle::not_owner:
        return desk_refusal{desk_refusal::kind::forbidden,
                            "only the ticket's owner or a supervisor can " + std::string{to_string(a)} + " this ticket",
                            ""};
    case obstacle::wrong_state:
        break;
    }
    return desk_refusal{desk_refusal::kind::conflict,
                        "you cannot " + std::string{to_string(a)} + " a ticket that is " + t.state, ""};
}

ticket_summary tell_change(pqxx::transaction_base& tx, events::ticket_changed what, const viewer& who,
                           const locked_ticket& before) {
    what.ticket = read_summary(tx, before.id);
    what.by = user_or_system(who.user_id);
    if (before.owner_id && *before.owner_id != who.user_id) what.in_place_of = before.owner_id;
    const auto& now = what.ticket;
    append_event(tx, what, {before.id, now.queue.id, before.owner_id ? before.owner_id : before.offer_agent, what.by});
    if (now.state == "offered") return now;
    const auto reason = rescinded_because(what);
    if (before.offer_state == "offered")
        tell_rescinded(tx, before, now, {*before.offer_id, *before.offer_agent}, reason);
    tell_siblings(tx, before, now, reason);
    return now;
}

void tell_siblings(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_summary& now,
                   std::string_view reason) {
    for (const auto& s : before.siblings) tell_rescinded(tx, before, now, s, reason);
}

std::optional<desk_refusal> changed_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                          std::string_view kind, std::optional<std::int64_t> shown) {
    if (!shown) return std::nullopt;
    query(tx, "SELECT FROM draft WHERE ticket_id = $1 AND agent_id = $2 AND kind = $3 FOR UPDATE", ticket, agent, kind);
    auto now_is = read_draft(tx, ticket, agent, kind);
    if (now_is && now_is->version == *shown) return std::nullopt;
    auto words = std::string{draft_change_words(now_is)};
    return desk_refusal{desk_refusal::kind::stale, std::move(words), "", std::move(now_is)};
}

note insert_note(pqxx::transaction_base& tx, const locked_ticket& t, std::optional<std::int64_t> author,
                 const std::string& text) {
    const auto row = query(tx, R"(
        WITH n AS (
            INSERT INTO note (ticket_id, author_id, text)
            VALUES ($1, $2, $3)
            RETURNING id, author_id, text, created_at)
        SELECT n.id, n.author_id, u.name, n.text, n.created_at
        FROM n
        LEFT JOIN users u ON u.id = n.author_id)",
                           t.id, author, text)
                         .front();
    note n{get<std::int64_t>(row["id"]), t.id, std::nullopt, get<std::string>(row["text"]),
           get<timestamp>(row["created_at"])};
    if (!row["author_id"].is_null())
        n.author = named{get<std::int64_t>(row["author_id"]), get<std::string>(row["name"])};
    append_event(tx, events::note_added{t.id, n}, {t.id, t.queue_id, t.owner_id, author});
    return n;
}

} // namespace switchboard::store
