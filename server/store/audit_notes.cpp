#include "store/audit_notes.hpp"

#include "store/run.hpp"

#include <switchboard/store/audit.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {

void audit_notes::write(pqxx::transaction_base& tx, audit_kind kind, audit_entry about) {
    static constexpr statement note_audit{"note_audit", R"(
        INSERT INTO audit_entry (what, noun, noun_id, name, changes, user_id, actor_id, session_id, token_id, login,
                                 address, details)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, $12::jsonb))"};
    query(tx, note_audit, name_of(kind), about.noun, about.noun_id, about.name, about.changes, about.user_id,
          about.actor_id, about.session_id, about.token_id, about.login, about.address, about.details);
    notes_.push_back({kind, std::move(about)});
}

void audit_notes::add(pqxx::transaction_base& tx, audit_kind kind, audit_entry about) {
    about.by(by_);
    write(tx, kind, std::move(about));
}

bool audit_notes::end_session(pqxx::transaction_base& tx, std::int64_t session_id, audit_kind kind) {
    const auto gone = query(tx, "DELETE FROM session WHERE id = $1 AND user_id = $2 RETURNING id, user_id, address",
                            session_id, by_.user_id);
    add_ended(tx, gone, "by its owner", by_, kind);
    return !gone.empty();
}

void audit_notes::end_sessions(pqxx::transaction_base& tx, std::int64_t user_id, std::optional<std::int64_t> kept,
                               std::string_view why) {
    const auto gone = query(tx, R"(
        DELETE FROM session
        WHERE user_id = $1 AND id IS DISTINCT FROM $2::bigint
        RETURNING id, user_id, address)",
                            user_id, kept);
    add_ended(tx, gone, why, by_);
}

void audit_notes::end_sessions_beyond(pqxx::transaction_base& tx, std::int64_t user_id, std::int64_t most) {
    const auto gone = query(tx, R"(
        DELETE FROM session
        WHERE id IN (SELECT id FROM session WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC OFFSET $2)
        RETURNING id, user_id, address)",
                            user_id, most);
    add_ended(tx, gone, "too many", by_);
}

void audit_notes::end_expired_sessions(pqxx::transaction_base& tx) {
    static constexpr statement expired{"end_expired_sessions",
                                       "DELETE FROM session WHERE expires_at < now() RETURNING id, user_id, address"};
    add_ended(tx, query(tx, expired), "expired", {});
}

void audit_notes::add_ended(pqxx::transaction_base& tx, const pqxx::result& gone, std::string_view why, const actor& by,
                            audit_kind kind) {
    for (const auto& r : gone) {
        audit_entry e;
        e.by(by);
        e.noun = "session";
        e.noun_id = get<std::int64_t>(r["id"]);
        e.user_id = get<std::int64_t>(r["user_id"]);
        e.details = nlohmann::json{{"why", why}, {"signed_in_from", get<std::string>(r["address"])}}.dump();
        write(tx, kind, std::move(e));
    }
}

void audit_notes::tell() const {
    for (const auto& n : notes_) {
        count_audit(n.kind);
        log_audit(log::level::info, n.kind, n.about, 1);
    }
}

boost::asio::awaitable<void> audit::note(audit_kind kind, audit_entry about, actor by) {
    return run(db_, [kind, about = std::move(about), by = std::move(by)](pqxx::connection& c) {
        pqxx::work tx{c};
        audit_notes notes{by};
        notes.add(tx, kind, about);
        tx.commit();
        notes.tell();
    });
}

} // namespace switchboard::store
