#pragma once

#include <switchboard/model/audit_entry.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace switchboard::store {
class audit;
}

namespace switchboard::api {

struct security_log_options {
    std::chrono::days kept{400};
    std::size_t rows_a_minute = 120; // past it only their number is kept
};

/// What strangers can cause without end (failures, refusals, bounds that are hit): one row and one line a second at
/// most for all of the same minute, kind, login, address and details. Deeds write theirs in their own transactions
/// (store/audit.hpp). Lives on the io thread.
class security_log {
public:
    security_log(boost::asio::any_io_executor executor, store::audit& rows, security_log_options o = {});

    /// Counted now, logged and written within a second. Cheap, waits for nothing.
    void record(audit_kind kind, audit_entry about, std::uint64_t times = 1);

    /// Writes what is counted, and forgets what is too old. Until stop(), which still writes the last of it.
    boost::asio::awaitable<void> run();
    void stop();

private:
    using key = std::tuple<std::string, std::string, std::string, std::string>; // kind, login, address, details
    struct counted {
        audit_kind kind;
        audit_entry about;         // its `times` are to be added to its row
        std::int64_t unlogged = 0; // how many no line of the log has told
    };

    void add(const key& k, const counted& more);
    boost::asio::awaitable<void> write();
    boost::asio::awaitable<void> forget();

    store::audit& rows_;
    security_log_options options_;
    boost::asio::steady_timer tick_;
    bool stopped_ = false;
    std::map<key, counted> waiting_;
    std::set<key> this_minute_;
    std::chrono::steady_clock::time_point minute_ends_{}, forget_at_{};
};

} // namespace switchboard::api
