#include <switchboard/model/lifecycle.hpp>

#include <switchboard/model/describe.hpp>

namespace switchboard {

std::string_view to_string(ticket_action a) {
    switch (a) {
    case ticket_action::reply:
        return "reply to";
    case ticket_action::note:
        return "leave a note on";
    case ticket_action::edit:
        return "edit";
    case ticket_action::transfer:
        return "transfer";
    case ticket_action::escalate:
        return "escalate";
    case ticket_action::hold:
        return "put aside";
    case ticket_action::resume:
        return "resume";
    case ticket_action::solve:
        return "solve";
    case ticket_action::reopen:
        return "reopen";
    case ticket_action::end_wrapup:
        return "end wrap-up of";
    case ticket_action::assign:
        return "assign";
    case ticket_action::claim:
        return "claim";
    case ticket_action::call_back:
        return "schedule a callback for";
    case ticket_action::cancel_callback:
        return "cancel the callback of";
    case ticket_action::record_call:
        return "record a call for";
    case ticket_action::follow_up:
        return "change the follow-ups of";
    case ticket_action::request_action:
        return "ask for an action on";
    }
    return "";
}

permission permission_for(ticket_action a) {
    using enum ticket_action;
    switch (a) {
    case reply:
        return permission::ticket_reply;
    case note:
        return permission::ticket_note;
    case edit:
        return permission::ticket_edit;
    case transfer:
        return permission::ticket_transfer;
    case escalate:
        return permission::ticket_escalate;
    case hold:
    case resume:
        return permission::ticket_hold;
    case solve:
    case end_wrapup:
        return permission::ticket_solve;
    case reopen:
        return permission::ticket_reopen;
    case assign:
        return permission::ticket_assign;
    case claim:
        return permission::ticket_claim;
    case call_back:
    case cancel_callback:
    case record_call:
        return permission::callback_promise;
    case request_action:
        return permission::action_request;
    case follow_up:
        break;
    }
    return permission::followup_promise;
}

namespace {

bool state_allows(ticket_action a, ticket_state state) {
    switch (a) {
    case ticket_action::note:
    case ticket_action::edit:
    case ticket_action::follow_up:
    case ticket_action::request_action:
        return true;
    case ticket_action::reply:
    case ticket_action::transfer:
    case ticket_action::escalate:
    case ticket_action::solve:
    case ticket_action::assign:
    case ticket_action::call_back:
    case ticket_action::cancel_callback:
        return state != ticket_state::solved;
    case ticket_action::claim:
        return state == ticket_state::waiting;
    case ticket_action::hold:
    case ticket_action::record_call:
        return state == ticket_state::active || state == ticket_state::parked;
    case ticket_action::resume:
        return state == ticket_state::held;
    case ticket_action::reopen:
    case ticket_action::end_wrapup:
        return state == ticket_state::solved;
    }
    return false;
}

} // namespace

obstacle may_act(ticket_action a, const viewer& who, ticket_state state, std::int64_t queue_id,
                 std::optional<std::int64_t> owner_id, std::optional<std::int64_t> offered_to) {
    if (!may_see_ticket(who, queue_id, owner_id, offered_to)) return obstacle::not_visible;
    const auto needed = permission_for(a);
    if (!who.granted.may(needed)) return obstacle::not_allowed;
    if (!reaches(who, needed, queue_id, owner_id, offered_to)) return obstacle::not_owner;
    return state_allows(a, state) ? obstacle::none : obstacle::wrong_state;
}

std::optional<refusal> why_not_act(ticket_action a, const viewer& who, ticket_state state, std::int64_t queue_id,
                                   std::optional<std::int64_t> owner_id, std::optional<std::int64_t> offered_to) {
    const std::string what{to_string(a)};
    switch (may_act(a, who, state, queue_id, owner_id, offered_to)) {
    case obstacle::none:
        return std::nullopt;
    case obstacle::not_visible:
        return refusal::missing("there is no such ticket");
    case obstacle::not_allowed:
        return refusal::forbidden("your roles do not let you " + what + " a ticket");
    case obstacle::not_owner:
        return refusal::forbidden("only the ticket's owner or a supervisor can " + what + " this ticket");
    case obstacle::wrong_state:
        break;
    }
    return refusal::conflict("you cannot " + what + " a ticket that is " + std::string{name_of(state)});
}

} // namespace switchboard
