#include "store/callback_acts.hpp"

#include "store/promises.hpp"
#include "store/sql.hpp"

namespace switchboard::store {

ticket_summary tell_callback(pqxx::transaction_base& tx, events::ticket_change change, std::optional<std::int64_t> by,
                             const locked_ticket& before, const callback& c, std::optional<std::int64_t> released) {
    events::told_callback told{.id = c.id,
                               .state = c.state,
                               .mode = c.mode,
                               .requested_by = c.requested_by,
                               .not_before = c.not_before,
                               .not_after = c.not_after,
                               .attempts_allowed = c.attempts_allowed,
                               .attempts = std::ssize(c.attempts)};
    if (!c.attempts.empty()) told.result = c.attempts.back().result;
    return tell_change(tx, {.change = change, .released = released, .callback = std::move(told)}, by, before);
}

callback conclude_attempt(pqxx::transaction_base& tx, const locked_ticket& t, callback c,
                          std::optional<std::int64_t> by, std::optional<std::int64_t> agent, const std::string& result,
                          const std::string& note) {
    const auto n = std::ssize(c.attempts) + 1;
    query(tx, R"(
        INSERT INTO callback_attempt (callback_id, n, agent_id, result, note) VALUES ($1, $2, $3, $4, $5))",
          c.id, n, agent, result, note);
    query(tx, "UPDATE callback SET attempts = $2 WHERE id = $1", c.id, n);
    c.attempts.push_back({n, {}, {}, result, note});
    const auto next = judge_attempt(c, result, value_of<timestamp>(query(tx, "SELECT now()")));
    const bool again = next.what == after_attempt::kind::again, done = next.what == after_attempt::kind::done;
    if (again)
        query(tx, "UPDATE callback SET state = 'scheduled', not_before = $2 WHERE id = $1", c.id, next.at);
    else
        set_callback_state(tx, c.id, done ? "done" : "failed");
    if (done && agent) promise_answered(tx, t.id, "called back");
    if (done && !agent) query(tx, "UPDATE ticket SET left_message = false WHERE id = $1", t.id);

    // A gateway's attempt takes the ticket from nobody who has got it meanwhile.
    const bool in_hand = !t.offers.empty();
    const bool given_back = again && (agent || !in_hand);
    if (given_back) {
        end_open_offers(tx, t, "calls again later");
        hold_until(tx, t.id, next.at);
        promise_paused(tx, t.id);
    } else if (!again && t.state == ticket_state::held) {
        wait_again(tx, t.id);
    } else {
        query(tx, "UPDATE ticket SET version = version + 1 WHERE id = $1", t.id);
    }
    c = *read_callback(tx, t.id);
    tell_callback(tx,
                  again  ? events::ticket_change::callback_again
                  : done ? events::ticket_change::callback_done
                         : events::ticket_change::callback_failed,
                  by, t, c, given_back ? t.offer_agent() : std::nullopt);
    return c;
}

std::optional<std::int64_t> dialling_gateway(pqxx::transaction_base& tx, std::optional<std::int64_t> gateway) {
    const auto rows = query(tx, R"(
        SELECT id
        FROM gateway
        WHERE enabled
          AND kind IN ('phone', 'freeswitch', 'asterisk')
          AND coalesce(settings->>'dial_url', '') <> ''
        ORDER BY (id = $1) DESC NULLS LAST, id LIMIT 1)",
                            gateway);
    if (rows.empty()) return std::nullopt;
    return get<std::int64_t>(rows[0]["id"]);
}

} // namespace switchboard::store
