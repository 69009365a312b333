#pragma once

#include "store/sql.hpp"

#include <switchboard/model/audit_entry.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::store {

/// One actor's deeds of one transaction for the audit: a row each in the transaction itself; a line in the log and the
/// counter when it has committed.
class audit_notes {
public:
    explicit audit_notes(actor by = {}) : by_{std::move(by)} {}

    const actor& by() const { return by_; }

    /// Of `about` id, what, at, times and who did it do not matter.
    void add(pqxx::transaction_base& tx, audit_kind kind, audit_entry about);

    /// Ends a session of the actor's own, with a note of this kind; false: there was none.
    bool end_session(pqxx::transaction_base& tx, std::int64_t session_id, audit_kind kind);

    /// Ends sessions, each with its note: those of a user but `kept`; those of a user beyond so many; those whose time
    /// is over.
    void end_sessions(pqxx::transaction_base& tx, std::int64_t user_id, std::optional<std::int64_t> kept,
                      std::string_view why);
    void end_sessions_beyond(pqxx::transaction_base& tx, std::int64_t user_id, std::int64_t most);
    void end_expired_sessions(pqxx::transaction_base& tx);

    /// After the commit.
    void tell() const;

    std::size_t size() const { return notes_.size(); }

private:
    void add_ended(pqxx::transaction_base& tx, const pqxx::result& gone, std::string_view why, const actor& by,
                   audit_kind kind = audit_kind::session_ended);

    void write(pqxx::transaction_base& tx, audit_kind kind, audit_entry about);

    struct note {
        audit_kind kind;
        audit_entry about;
    };
    actor by_;
    std::vector<note> notes_;
};

} // namespace switchboard::store
