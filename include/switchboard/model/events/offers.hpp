#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/ticket.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What happens to offers (model/events.hpp).
namespace switchboard::events {

struct offer_created {
    static constexpr std::string_view type = "offer.created";
    static constexpr audience to{permission::ticket_read};

    switchboard::offer offer;
};
DESCRIBE(offer_created, (offer, "The offer."))

struct offer_end {
    std::int64_t offer_id = 0, ticket_id = 0, agent_id = 0;
    std::string reason;
    std::optional<std::int64_t> by{};
    ticket_summary ticket;
};
DESCRIBE(offer_end, (offer_id, "The offer."), (ticket_id, "Its ticket."), (agent_id, "Whom it was offered to."),
         (reason, "Why, in words."), (by, "Who did it; empty: the system."), (ticket, "The ticket as it is now."))

/// By hand; what was offered is accepted by none of them.
BOOST_DEFINE_FIXED_ENUM_CLASS(taking, std::uint8_t, assigned, claimed, given_back)

struct offer_accepted : offer_end {
    static constexpr std::string_view type = "offer.accepted";
    static constexpr audience to{permission::ticket_read};

    bool left_message = false;
    std::optional<taking> how{};
    std::string past_skill;
    bool past_capacity = false;
};
DESCRIBE_DERIVED(offer_accepted, offer_end, (left_message, "Whether the caller left a message: nobody is on the line."),
                 (how, "How it was given or taken by hand; empty: it had been offered."),
                 (past_skill, "What of the queue's demands was passed over."),
                 (past_capacity, "Whether it is beyond what the agent can have in hand."))

struct offer_declined : offer_end {
    static constexpr std::string_view type = "offer.declined";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(offer_declined, (offer_end), ())

struct offer_timed_out : offer_end {
    static constexpr std::string_view type = "offer.timed_out";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(offer_timed_out, (offer_end), ())

struct offer_rescinded : offer_end {
    static constexpr std::string_view type = "offer.rescinded";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(offer_rescinded, (offer_end), ())

} // namespace switchboard::events
