#include "store/customer_left.hpp"

#include "store/callback_rows.hpp"
#include "store/locks.hpp"
#include "store/promises.hpp"
#include "store/sql.hpp"
#include "store/ticket_changes.hpp"
#include "store/ticket_rows.hpp"

#include <algorithm>
#include <string_view>

namespace switchboard::store {

namespace {

std::string_view words_of(leaving how) {
    switch (how) {
    case leaving::hung_up:
        return "the caller hung up";
    case leaving::chat_closed:
        return "the visitor closed the chat";
    case leaving::answered_elsewhere:
        return "the call was answered elsewhere";
    case leaving::call_over:
        return "the call has ended";
    }
    return "";
}

bool has_talked(leaving how) {
    return how == leaving::answered_elsewhere || how == leaving::call_over;
}

bool waits(const locked_ticket& t) {
    return t.state == ticket_state::waiting || t.state == ticket_state::offered;
}

constexpr statement mark_missed{"left_unanswered", R"(
    UPDATE contact SET flags = array_append(flags, 'missed')
    WHERE id = (SELECT max(c.id) FROM contact c JOIN ticket t ON t.id = c.ticket_id
                WHERE t.id = $1 AND t.first_reply_at IS NULL AND c.direction = 'in') AND NOT 'missed' = ANY(flags))"};

/// A promise to call that there is already stays as it is.
constexpr statement call_back{"left_call_back", R"(
    INSERT INTO callback (ticket_id, phone, not_before, requested_by)
    SELECT $1, callback_number($1), now(), 'queue' WHERE callback_number($1) IS NOT NULL
    ON CONFLICT (ticket_id) WHERE ended_at IS NULL DO NOTHING)"};

/// Nobody is on the line any more: what is left of a call can wait.
constexpr statement wait_on{"left_waits_on", R"(
    UPDATE ticket SET state = 'waiting', left_message = left_message OR channel = 'phone', version = version + 1
    WHERE id = $1)"};

constexpr statement close{"left_closed", R"(
    UPDATE ticket SET state = 'solved', solved_at = now(), version = version + 1 WHERE id = $1)"};

void leave(pqxx::transaction_base& tx, const locked_ticket& t, leaving how) {
    auto became = left_action::stay;
    if (waits(t)) {
        end_open_offers(tx, t, words_of(how));
        if (has_talked(how)) {
            promise_answered(tx, t.id, words_of(how));
        } else {
            became = named_value<left_action>(
                         value_of<std::string>(query(tx, "SELECT left_action FROM queue WHERE id = $1", t.queue_id)))
                         .value();
            query(tx, mark_missed, t.id);
        }
        if (became == left_action::close) {
            query(tx, close, t.id);
            cancel_callback(tx, t.id);
            promise_solved(tx, t.id);
        } else {
            if (became == left_action::call_back) query(tx, call_back, t.id);
            if (!read_open_callback(tx, t.id)) became = left_action::stay;
            query(tx, wait_on, t.id);
        }
    }
    tell_change(tx,
                {.change = events::ticket_change::customer_left, .cause = std::string{words_of(how)}, .became = became},
                std::nullopt, t);
}

} // namespace

void customers_left(pqxx::transaction_base& tx, std::vector<std::pair<std::int64_t, leaving>> tickets) {
    std::ranges::sort(tickets);
    std::vector<std::pair<locked_ticket, leaving>> left;
    std::vector<std::int64_t> agents;
    for (const auto& [id, how] : tickets) {
        auto t = lock_ticket(tx, id);
        if (!t || t->state == ticket_state::solved) continue;
        for (const auto& o : t->offers) agents.push_back(o.agent_id);
        left.emplace_back(std::move(*t), how);
    }
    if (!agents.empty()) lock_loads(tx, agents);
    for (const auto& [t, how] : left) leave(tx, t, how);
}

} // namespace switchboard::store
