#include "store/security_rows.hpp"

#include <switchboard/store/security_events.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {

void security_notes::add(pqxx::transaction_base& tx, security_kind kind, security_event about) {
    static constexpr statement note_security{"note_security", R"(
        INSERT INTO security_event (kind, user_id, actor_id, session_id, token_id, login, address, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb))"};
    query(tx, note_security, name_of(kind), about.user_id, about.actor_id, about.session_id, about.token_id,
          about.login, about.address, about.details);
    notes_.push_back({kind, std::move(about)});
}

void security_notes::end_sessions(pqxx::transaction_base& tx, std::int64_t user_id, std::optional<std::int64_t> kept,
                                  std::string_view why, std::optional<std::int64_t> actor) {
    const auto gone = query(tx, R"(
        DELETE FROM session
        WHERE user_id = $1 AND id IS DISTINCT FROM $2::bigint
        RETURNING id, user_id, address)",
                            user_id, kept);
    add_ended(tx, gone, why, actor);
}

void security_notes::end_sessions_beyond(pqxx::transaction_base& tx, std::int64_t user_id, std::int64_t most) {
    const auto gone = query(tx, R"(
        DELETE FROM session
        WHERE id IN (SELECT id FROM session WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC OFFSET $2)
        RETURNING id, user_id, address)",
                            user_id, most);
    add_ended(tx, gone, "too many", user_id);
}

void security_notes::end_expired_sessions(pqxx::transaction_base& tx) {
    static constexpr statement expired{"end_expired_sessions",
                                       "DELETE FROM session WHERE expires_at < now() RETURNING id, user_id, address"};
    add_ended(tx, query(tx, expired), "expired", std::nullopt);
}

void security_notes::add_ended(pqxx::transaction_base& tx, const pqxx::result& gone, std::string_view why,
                               std::optional<std::int64_t> actor) {
    const auto details = nlohmann::json{{"why", why}}.dump();
    for (const auto& r : gone) {
        security_event e;
        e.session_id = get<std::int64_t>(r["id"]);
        e.user_id = get<std::int64_t>(r["user_id"]);
        e.actor_id = actor;
        e.address = get<std::string>(r["address"]);
        e.details = details;
        add(tx, security_kind::session_ended, std::move(e));
    }
}

void security_notes::tell() const {
    for (const auto& n : notes_) {
        count_security(n.kind);
        log_security(log::level::info, n.kind, n.about, 1);
    }
}

} // namespace switchboard::store
