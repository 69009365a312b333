#pragma once

#include "api/route_table.hpp"
#include "api/wire/draft.hpp"
#include "api/wire/ticket_requests.hpp"

#include <switchboard/api/services.hpp>
#include <switchboard/desk/desk.hpp>
#include <switchboard/store/drafts.hpp>

#include <string>

namespace switchboard::api {

/// A file that a person sends along; `within` stands before the field that is wrong: "attachments[2].".
result<attachment> file_from(const reply_attachment& in, const std::string& within);

/// The ticket as it is after this act; what the asker's version is too old for comes with the ticket as it is.
answer<ticket> whole_ticket(call c, desk::desk::answer<ticket> act);

/// What was made of the asker's draft of this kind; whose draft is another by now is shown it.
template <class T>
answer<T> made_of_draft(call c, std::string kind, desk::desk::answer<T> act) {
    auto done = co_await std::move(act);
    co_return co_await settle_change(std::move(done), [&] { return c.with.drafts.one(c.id(), c.asker.eyes(), kind); });
}

} // namespace switchboard::api
