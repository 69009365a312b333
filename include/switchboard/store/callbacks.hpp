#pragma once

#include <switchboard/model/callback.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

/// What is asked for. Without a number it is the one that the ticket's customer called from.
struct callback_wish {
    std::optional<std::string> phone; // E.164
    std::optional<timestamp> not_before, not_after;
    std::string mode = "agent_first";
    std::int64_t attempts = 3, retry_s = 900;
    std::string note;
};

/// Who asks: a person, or a machine that speaks for the customer and may be bound to gateways.
struct callback_asker {
    viewer who;
    bool machine = false;
    std::optional<std::vector<std::int64_t>> gateway_ids; // of a machine; empty = every gateway
    std::optional<std::int64_t> expected_version;         // of the ticket (If-Match)

    std::optional<std::int64_t> actor() const { return machine ? std::nullopt : std::optional{who.user_id}; }
    bool may_speak_for(std::optional<std::int64_t> gateway) const {
        return !gateway_ids || (gateway && std::ranges::find(*gateway_ids, *gateway) != gateway_ids->end());
    }
};

/// Promises to call back. Each change is one transaction that locks the ticket first, as those of the desk are; what
/// becomes due or late by itself is the sweep of whoever leads routing.
class callbacks {
public:
    explicit callbacks(database& db) : db_{db} {}

    template <class T>
    using answer = boost::asio::awaitable<std::expected<T, refusal>>;

    /// The ticket leaves its agent, is held until then and waits again at its old place.
    answer<callback> schedule(std::int64_t ticket, callback_asker by, callback_wish wish, keep<callback> kept = {});
    /// The ticket waits as ordinary work at once, unless somebody has it.
    answer<callback> cancel(std::int64_t ticket, callback_asker by);
    /// How the call of whoever has the ticket went.
    answer<callback> record(std::int64_t ticket, callback_asker by, std::string result, std::string note,
                            keep<callback> kept = {});
    /// How the call that a gateway was told to make went. Answered: the ticket waits at once, the caller on the line.
    answer<callback> dialled(std::int64_t id, callback_asker by, std::string result, keep<callback> kept = {});

private:
    database& db_;
};

} // namespace switchboard::store
