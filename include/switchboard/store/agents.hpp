#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/giver.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <vector>

namespace switchboard::store {

/// Each that is there replaces its whole set.
struct agent_change {
    std::optional<std::vector<agent_skill>> skills;
    std::optional<std::vector<agent_licence>> licences;
    std::optional<std::vector<agent_queue>> queues;
    std::optional<std::vector<agent_channel>> channels;
    std::optional<std::int64_t> grade, units;
    std::optional<std::optional<std::int64_t>> calendar_id;
};

/// Users as those who are given work.
class agents {
public:
    explicit agents(database& db) : db_{db} {}

    using changed = std::expected<agent_profile, refusal>;

    /// Active agents and supervisors, and whoever else is a member of a queue.
    boost::asio::awaitable<page<agent_profile>> list(page_request part);
    boost::asio::awaitable<std::optional<agent_profile>> get(std::int64_t id);
    boost::asio::awaitable<changed> put(std::int64_t id, agent_change terms,
                                        std::optional<std::int64_t> expected_version, giver by);

private:
    database& db_;
};

} // namespace switchboard::store
