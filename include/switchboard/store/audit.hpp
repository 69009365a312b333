#pragma once

#include <switchboard/model/audit_entry.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// How often each kind happened in this process since its start, in the order of the enumeration. On any thread.
std::vector<std::uint64_t> audit_counts();
void count_audit(audit_kind kind, std::uint64_t times = 1);

/// The line in the log, by the kind's name.
void log_audit(log::level level, audit_kind kind, const audit_entry& about, std::int64_t times);

/// Which entries; what is empty leaves all.
struct audit_filter {
    std::optional<std::string> what, noun;
    std::optional<std::int64_t> id;            // of the noun
    std::optional<std::int64_t> person, about; // who did it, whom it is about
    std::optional<timestamp> since, until;     // until: before this
};

/// The audit. Deeds write their own rows in their transactions (store/audit_notes.hpp); what is counted comes here.
class audit {
public:
    explicit audit(database& db) : db_{db} {}

    /// Adds `times` to the row of each one's minute, kind, login, address and details.
    boost::asio::awaitable<void> count(std::vector<audit_entry> happened);

    /// A deed that changes nothing.
    boost::asio::awaitable<void> note(audit_kind kind, audit_entry about, actor by);

    /// The newest first; `after` is the id behind which to go on.
    boost::asio::awaitable<page<audit_record>> list(audit_filter wanted, page_request part);

    /// Deletes some of what is older, the oldest first: how many. Fewer than `most`: nothing is left to delete.
    boost::asio::awaitable<std::int64_t> forget(std::chrono::days older_than, std::int64_t most);

private:
    database& db_;
};

} // namespace switchboard::store
