#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/store/giver.hpp>

#include <optional>
#include <vector>

namespace switchboard::store {

/// Who works in a queue.
class queue_members {
public:
    explicit queue_members(database& db) : db_{db} {}

    using changed = std::expected<std::vector<queue_member>, refusal>;

    /// By rank; nothing if there is no such queue.
    boost::asio::awaitable<std::optional<std::vector<queue_member>>> of(std::int64_t queue);
    /// These and nobody else; who may more than the giver stays as he is. `if_match` is the queue's version, which
    /// grows.
    boost::asio::awaitable<changed> set(std::int64_t queue, std::vector<queue_member> all,
                                        std::optional<std::int64_t> if_match, giver by);

private:
    database& db_;
};

} // namespace switchboard::store
