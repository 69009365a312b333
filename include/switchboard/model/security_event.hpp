#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

/// What the record of security knows: the name of the row, of the line in the log and of the counter.
enum class security_kind {
    signed_in,
    sign_in_failed,  // a wrong password, or a login that nobody has
    sign_in_refused, // a budget was spent; the password was not looked at
    signed_out,
    session_ended,    // by its owner elsewhere, with the password, with the person, or by time: details.why
    password_changed, // by its owner
    password_reset,   // by an admin
    user_made,
    user_switched_off,
    token_made,
    token_revoked,
    bound_hit // a budget of the front door: details.bound
};
BOOST_DESCRIBE_ENUM(security_kind, signed_in, sign_in_failed, sign_in_refused, signed_out, session_ended,
                    password_changed, password_reset, user_made, user_switched_off, token_made, token_revoked,
                    bound_hit)

std::string_view name_of(security_kind k);
std::size_t count_of_security_kinds();

struct security_event {
    std::int64_t id = 0;
    std::string kind;
    timestamp at{};
    std::optional<std::int64_t> user_id;  // whom it is about
    std::optional<std::int64_t> actor_id; // who did it; empty = a machine, or nobody
    std::optional<std::int64_t> session_id, token_id;
    std::string login; // as it was tried
    std::string address;
    std::string details = "{}"; // JSON object
    std::int64_t times = 1;     // of what is counted: failures, refusals, bounds
};
DESCRIBE(security_event, (id, "Its number."), (kind, "What happened."), (at, "When it happened."),
         (user_id, "Whom it is about."), (actor_id, "Who did it; empty: a machine, or nobody."),
         (session_id, "The session that it is about."), (token_id, "The token that it is about."),
         (login, "The login, as it was tried."), (address, "The address that it came from."),
         (details, "What else is known."), (times, "How often it happened, where that is counted."))

} // namespace switchboard
