#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <string>

namespace switchboard {

/// One of a person's sessions, as he sees it.
struct signed_in_session {
    std::int64_t id = 0;
    std::string address;    // from which it was opened
    std::string user_agent; // likewise, shortened
    timestamp created_at{};
    timestamp last_seen_at{}; // to the minute
    timestamp expires_at{};   // unless something is asked before
    bool current = false;     // the one that asks
};
DESCRIBE(signed_in_session, (id, "Its number."), (address, "The address that it was opened from."),
         (user_agent, "What the browser said of itself, shortened."), (created_at, "When it was opened."),
         (last_seen_at, "When it was last used, to the minute."),
         (expires_at, "When it ends unless it is used before."), (current, "Whether it is the one that asks."))

} // namespace switchboard
