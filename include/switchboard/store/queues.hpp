#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::store {

/// What is set; what is not there stays as it is, or becomes the default in a new queue.
struct queue_change {
    std::optional<std::string> name, order_mode, agent_policy, closed_action, left_action;
    std::optional<std::int64_t> ring_s, fan_out, cool_s, wrapup_s, thread_window_s, idle_reserve, boost_s, sla_target_s,
        fqr_percent, affinity_hold_s, return_after_s;
    std::optional<std::vector<skill_need>> skills;
    std::optional<std::vector<licence_need>> licences;
    std::optional<std::string> sender_name, signature, acknowledgement;
    std::optional<std::optional<std::int64_t>> escalation_queue_id, max_waiting, overflow_queue_id, calendar_id;
    std::optional<std::vector<queue_step>> steps;
    std::optional<std::vector<disposition>> dispositions;
    std::optional<bool> active, interruptible;
};

class queues {
public:
    explicit queues(database& db) : db_{db} {}

    /// What is wrong with a queue as a whole: the field, and why. Asked before a change is committed.
    std::function<std::optional<std::pair<std::string, std::string>>(const queue&)> judge = [](const queue&) {
        return std::nullopt;
    };

    using changed = std::expected<queue, refusal>;
    using members_changed = std::expected<std::vector<queue_member>, refusal>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<queue>> list(page_request part);
    boost::asio::awaitable<std::optional<queue>> get(std::int64_t id);
    boost::asio::awaitable<changed> create(queue_change terms, actor by, keep<queue> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, queue_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    boost::asio::awaitable<changed> remove(std::int64_t id, actor by);

    boost::asio::awaitable<std::optional<std::vector<queue_member>>> members(std::int64_t id);
    boost::asio::awaitable<members_changed> set_members(std::int64_t id, std::vector<queue_member> all,
                                                        std::optional<std::int64_t> expected_version, actor by);

private:
    database& db_;
};

} // namespace switchboard::store
