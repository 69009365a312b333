#pragma once

#include "api/routes.hpp"

#include <switchboard/api/services.hpp>
#include <switchboard/store/desk.hpp>

namespace switchboard::api {

problem to_problem(const store::desk_refusal& r);

/// The ticket as it is after this act; what the asker's version is too old for comes with the ticket as it is.
answer<ticket> whole_ticket(const services& s, call c, boost::asio::awaitable<store::desk_result<ticket>> act);

} // namespace switchboard::api
