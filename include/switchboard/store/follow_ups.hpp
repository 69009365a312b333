#pragma once

#include <switchboard/model/follow_up.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/viewer.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

struct follow_up_filter {
    std::vector<std::string> states{};   // empty = those to be kept
    std::optional<std::int64_t> owner{}; // who promised it, or has its ticket
    std::optional<std::int64_t> queue{};
    std::int64_t limit = 50;
    std::string after{}; // the `next` of the page before
};

/// What is read of promises to come back. Whoever sees the ticket sees them.
class follow_ups {
public:
    explicit follow_ups(database& db) : db_{db} {}

    /// In the order of their times. Empty if `after` is no cursor of ours.
    boost::asio::awaitable<std::optional<page<listed_follow_up>>> list(follow_up_filter f, viewer who);

private:
    database& db_;
};

} // namespace switchboard::store
