#pragma once

#include <switchboard/model/ticket.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/store/giver.hpp>

#include <optional>
#include <vector>

namespace switchboard::store {

/// Whose shifts are the hours of a calendar.
class calendar_agents {
public:
    explicit calendar_agents(database& db) : db_{db} {}

    using changed = std::expected<std::vector<named>, refusal>;

    /// By name; nothing if there is no such calendar.
    boost::asio::awaitable<std::optional<std::vector<named>>> of(std::int64_t calendar);
    /// These and nobody else; who may more than the giver stays as he is. An agent works by one calendar at most: the
    /// last that was set.
    boost::asio::awaitable<changed> set(std::int64_t calendar, std::vector<std::int64_t> all, giver by);

private:
    database& db_;
};

} // namespace switchboard::store
