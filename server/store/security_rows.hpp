#pragma once

#include "store/sql.hpp"

#include <switchboard/model/security_event.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace switchboard::store {

/// The deeds of one transaction for the record of security: a row each in the transaction itself; a line in the log and
/// the counter when it has committed.
class security_notes {
public:
    /// Of `about` id, kind, at and times do not matter.
    void add(pqxx::transaction_base& tx, security_kind kind, security_event about);

    /// Ends sessions, each with its note: those of a user but `kept`; those of a user beyond so many; those whose time
    /// is over.
    void end_sessions(pqxx::transaction_base& tx, std::int64_t user_id, std::optional<std::int64_t> kept,
                      std::string_view why, std::optional<std::int64_t> actor);
    void end_sessions_beyond(pqxx::transaction_base& tx, std::int64_t user_id, std::int64_t most);
    void end_expired_sessions(pqxx::transaction_base& tx);

    /// After the commit.
    void tell() const;

    std::size_t size() const { return notes_.size(); }

private:
    void add_ended(pqxx::transaction_base& tx, const pqxx::result& gone, std::string_view why,
                   std::optional<std::int64_t> actor);

    struct note {
        security_kind kind;
        security_event about;
    };
    std::vector<note> notes_;
};

} // namespace switchboard::store
