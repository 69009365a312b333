#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>

namespace switchboard::store {

/// What is set; what is not there stays as it is.
struct sla_target_change {
    std::optional<std::int64_t> queue_id, first_answer_s;
    std::optional<std::optional<std::int64_t>> priority, solution_s;
};

/// What queues promise. A change counts for promises that run too, a moment later (store/service_levels.hpp).
class sla_targets {
public:
    explicit sla_targets(database& db) : db_{db} {}

    using changed = std::expected<sla_target, refusal<sla_target>>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<sla_target>> list(page_request part);
    boost::asio::awaitable<std::optional<sla_target>> get(std::int64_t id);
    /// Must name the queue and the time to the first answer.
    boost::asio::awaitable<changed> create(sla_target_change terms, actor by, keep<sla_target> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, sla_target_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    boost::asio::awaitable<changed> remove(std::int64_t id, actor by);

private:
    database& db_;
};

} // namespace switchboard::store
