#include "store/callback_rows.hpp"

#include <switchboard/util/time.hpp>

namespace switchboard::store {

namespace {

callback with_attempts(pqxx::transaction_base& tx, const pqxx::row& r) {
    callback c;
    c.id = get<std::int64_t>(r["id"]);
    c.ticket_id = get<std::int64_t>(r["ticket_id"]);
    c.phone = get<std::string>(r["phone"]);
    c.mode = get<std::string>(r["mode"]);
    c.state = get<std::string>(r["state"]);
    c.not_before = get<timestamp>(r["not_before"]);
    c.not_after = get<std::optional<timestamp>>(r["not_after"]);
    c.attempts_allowed = get<std::int64_t>(r["attempts_allowed"]);
    c.retry_s = get<std::int64_t>(r["retry_s"]);
    c.requested_by = get<std::string>(r["requested_by"]);
    c.note = get<std::string>(r["note"]);
    c.created_at = get<timestamp>(r["created_at"]);
    c.ended_at = get<std::optional<timestamp>>(r["ended_at"]);
    for (const auto& a : query(tx, R"(
            SELECT a.n, a.agent_id, u.name, a.at, a.result, a.note
            FROM callback_attempt a
            LEFT JOIN users u ON u.id = a.agent_id
            WHERE a.callback_id = $1
            ORDER BY a.n)",
                               c.id)) {
        callback_attempt attempt{get<std::int64_t>(a["n"]),
                                 {},
                                 get<timestamp>(a["at"]),
                                 get<std::string>(a["result"]),
                                 get<std::string>(a["note"])};
        if (!a["agent_id"].is_null())
            attempt.agent = named{get<std::int64_t>(a["agent_id"]), get<std::string>(a["name"])};
        c.attempts.push_back(std::move(attempt));
    }
    return c;
}

} // namespace

std::optional<callback> read_callback(pqxx::transaction_base& tx, std::int64_t ticket) {
    const auto rows = query(tx, "SELECT * FROM callback WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1", ticket);
    if (rows.empty()) return std::nullopt;
    return with_attempts(tx, rows[0]);
}

std::optional<callback> read_open_callback(pqxx::transaction_base& tx, std::int64_t ticket) {
    const auto rows = query(tx, "SELECT * FROM callback WHERE ticket_id = $1 AND ended_at IS NULL", ticket);
    if (rows.empty()) return std::nullopt;
    return with_attempts(tx, rows[0]);
}

std::optional<std::string> callback_number(pqxx::transaction_base& tx, std::int64_t ticket) {
    return value_of<std::optional<std::string>>(query(tx, "SELECT callback_number($1)", ticket));
}

std::optional<timestamp> callback_ahead(pqxx::transaction_base& tx, std::int64_t ticket) {
    const auto rows = query(tx, R"(
        SELECT not_before
        FROM callback
        WHERE ticket_id = $1 AND state = 'scheduled' AND not_before > now())",
                            ticket);
    if (rows.empty()) return std::nullopt;
    return get<timestamp>(rows[0]["not_before"]);
}

void hold_until(pqxx::transaction_base& tx, std::int64_t ticket, timestamp until) {
    query(tx, "UPDATE ticket SET state = 'held', held_until = $2, version = version + 1 WHERE id = $1", ticket, until);
}

void wait_again(pqxx::transaction_base& tx, std::int64_t ticket) {
    query(tx, R"(
        UPDATE ticket
        SET state = 'waiting', preferred_agent_id = coalesce(owner_id, preferred_agent_id), owner_id = NULL,
            held_until = NULL, version = version + 1
        WHERE id = $1)",
          ticket);
    promise_resumed(tx, ticket);
}

void set_callback_state(pqxx::transaction_base& tx, std::int64_t callback, std::string_view state) {
    query(tx, R"(
        UPDATE callback
        SET state = $2, ended_at = CASE WHEN $2 IN ('scheduled', 'dialling') THEN NULL ELSE now() END
        WHERE id = $1)",
          callback, state);
}

void cancel_callback(pqxx::transaction_base& tx, std::int64_t ticket) {
    query(tx, R"(
        UPDATE callback
        SET state = 'cancelled', ended_at = now()
        WHERE ticket_id = $1 AND ended_at IS NULL)",
          ticket);
}

ticket_summary tell_callback(pqxx::transaction_base& tx, events::ticket_change change, const viewer& who,
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
    return tell_change(tx, {.change = change, .released = released, .callback = std::move(told)}, who, before);
}

callback conclude_attempt(pqxx::transaction_base& tx, const locked_ticket& t, callback c, const viewer& who,
                          std::optional<std::int64_t> agent, const std::string& result, const std::string& note) {
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
    const bool in_hand = t.offer_id.has_value();
    const bool given_back = again && (agent || !in_hand);
    if (given_back) {
        end_open_offers(tx, t, "done", "calls again later");
        hold_until(tx, t.id, next.at);
        promise_paused(tx, t.id);
    } else if (!again && t.state == "held") {
        wait_again(tx, t.id);
    } else {
        query(tx, "UPDATE ticket SET version = version + 1 WHERE id = $1", t.id);
    }
    c = *read_callback(tx, t.id);
    tell_callback(tx,
                  again  ? events::ticket_change::callback_again
                  : done ? events::ticket_change::callback_done
                         : events::ticket_change::callback_failed,
                  who, t, c, given_back ? t.offer_agent : std::nullopt);
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
