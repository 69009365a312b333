#pragma once

#include <switchboard/model/page.hpp>
#include <switchboard/model/security_event.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace switchboard::store {

/// How often each kind happened in this process since its start, in the order of the enumeration. On any thread.
std::vector<std::uint64_t> security_counts();
void count_security(security_kind kind, std::uint64_t times = 1);

/// The line in the log, by the kind's name.
void log_security(log::level level, security_kind kind, const security_event& about, std::int64_t times);

/// The record of security. Deeds write their own rows in their transactions; what is counted comes here.
class security_events {
public:
    explicit security_events(database& db) : db_{db} {}

    /// Adds `times` to the row of each one's minute, kind, login, address and details.
    boost::asio::awaitable<void> count(std::vector<security_event> happened);

    /// The newest first; `after` is the id before which to go on.
    boost::asio::awaitable<page<security_event>> list(page_request part);

    /// Deletes some of what is older, the oldest first: how many. Fewer than `most`: nothing is left to delete.
    boost::asio::awaitable<std::int64_t> forget(std::chrono::days older_than, std::int64_t most);

private:
    database& db_;
};

} // namespace switchboard::store
