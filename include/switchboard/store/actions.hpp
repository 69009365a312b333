#pragma once

#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/action_rows.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <functional>
#include <optional>

namespace switchboard::store {

class database;

/// What is done to what customers have: the ledger, in which is counted who has authorised how much.
class actions {
public:
    explicit actions(database& db) : db_{db} {}

    using answer = boost::asio::awaitable<std::expected<action, refusal>>;
    /// As it is to be; number 0 is a new one. Pure, of the desk room.
    using decision = std::function<std::expected<action, refusal>(const action_at_hand&)>;

    /// One transaction that holds the ticket's row, then the kind's: what is counted for its limits stands still.
    answer change(action_questions questions, decision decide, keep<action> kept);

    /// A ticket's, the last first, at most 200; nothing when the viewer may not see it.
    boost::asio::awaitable<std::optional<ticket_actions>> of_ticket(std::int64_t ticket, viewer who);

    /// Of tickets that the viewer may see, in this state, in the order in which they were asked for.
    boost::asio::awaitable<page<listed_action>> list(std::string state, viewer who, page_request part);

private:
    database& db_;
};

} // namespace switchboard::store
