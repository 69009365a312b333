#pragma once

#include "api/route_table.hpp"
#include "api/wire/ticket_requests.hpp"

#include <switchboard/api/services.hpp>
#include <switchboard/store/desk.hpp>

#include <string>

namespace switchboard::api {

/// A file that a person sends along; `within` stands before the field that is wrong: "attachments[2].".
result<attachment> file_from(const reply_attachment& in, const std::string& within);

problem to_problem(const store::desk_refusal& r);

/// The ticket as it is after this act; what the asker's version is too old for comes with the ticket as it is.
answer<ticket> whole_ticket(call c, boost::asio::awaitable<store::desk_result<ticket>> act);

} // namespace switchboard::api
