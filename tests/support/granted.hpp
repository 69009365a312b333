#pragma once

#include <switchboard/model/permission.hpp>

/// What the roles Agent and Supervisor grant of tickets, for tests without a database (migrations/0035_roles.sql has
/// the roles themselves, and the permission matrix asks a server that has them).
namespace switchboard::test {

constexpr grants agents_grants() {
    using enum permission;
    grants out;
    for (const auto p : {ticket_reply, ticket_edit, ticket_transfer, ticket_escalate, ticket_hold, ticket_solve,
                         action_request, callback_promise, followup_promise})
        out.add(p, reach::own);
    for (const auto p : {ticket_read, ticket_note, ticket_reopen, ticket_claim, customer_read, customer_edit})
        out.add(p, reach::queues);
    return out;
}

constexpr grants supervisors_grants() {
    using enum permission;
    auto out = agents_grants();
    for (const auto p : {ticket_read, ticket_note, ticket_reply, ticket_edit, ticket_transfer, ticket_escalate,
                         ticket_hold, ticket_solve, ticket_reopen, ticket_claim, ticket_assign, action_request,
                         callback_promise, followup_promise, customer_read, customer_edit, team_watch})
        out.add(p);
    return out;
}

} // namespace switchboard::test
