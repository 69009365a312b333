#pragma once

#include "api/routes.hpp"

#include <switchboard/api/services.hpp>
#include <switchboard/store/desk.hpp>

namespace switchboard::api {

problem to_problem(const store::desk_refusal& r);

/// The ticket as it is after this act, whole. Whoever may act may see what became of it, even when it then lies in a
/// queue of others.
answer<ticket> whole_ticket(const services& s, call c, boost::asio::awaitable<store::desk_result<ticket_summary>> act);

} // namespace switchboard::api
