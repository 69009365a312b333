#pragma once

#include <switchboard/model/refusal.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/viewer.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace switchboard {

/// What an agent or supervisor does to a ticket.
enum class ticket_action {
    reply,
    note,
    edit,
    transfer,
    escalate,
    hold,
    resume,
    solve,
    reopen,
    end_wrapup,
    assign,
    claim,
    call_back,       // promise it
    cancel_callback, // take the promise back
    record_call,     // say how a call went
    follow_up,       // promise to come back, and keep it or not
    request_action   // have something done to what its customer has
};

std::string_view to_string(ticket_action a);

/// Why not; `none` = it may be done.
enum class obstacle { none, not_visible, not_allowed, not_owner, wrong_state };

/// What lets somebody do it, as far as it reaches.
permission permission_for(ticket_action a);

/// The rule for everything that is done to a ticket: it is seen, the permission reaches it, its state allows it.
obstacle may_act(ticket_action a, const viewer& who, ticket_state state, std::int64_t queue_id,
                 std::optional<std::int64_t> owner_id, std::optional<std::int64_t> offered_to);

/// The same as a refusal, in words for whoever asked.
std::optional<refusal> why_not_act(ticket_action a, const viewer& who, ticket_state state, std::int64_t queue_id,
                                   std::optional<std::int64_t> owner_id, std::optional<std::int64_t> offered_to);

} // namespace switchboard
