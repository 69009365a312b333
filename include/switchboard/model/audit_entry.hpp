#pragma once

#include <switchboard/model/actor.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

/// What the audit knows: the name of the row, of the line in the log and of the counter.
enum class audit_kind {
    signed_in,
    sign_in_failed,  // a wrong password, or a login that nobody has
    sign_in_refused, // a budget was spent; the password was not looked at
    signed_out,
    session_ended,    // by its owner elsewhere, with the password, with the person, or by time: details.why
    password_changed, // by its owner
    password_reset,   // by an admin
    bound_hit,        // a budget of the front door: details.bound
    made,             // one of the configuration's nouns, with what it began as
    changed,          // with its fields before and after
    removed,          // with what it was
    exported,         // a list that left as a file: details has the filter
    unmasked          // a customer's sensitive fields: details.fields and details.reason
};
BOOST_DESCRIBE_ENUM(audit_kind, signed_in, sign_in_failed, sign_in_refused, signed_out, session_ended, password_changed,
                    password_reset, bound_hit, made, changed, removed, exported, unmasked)

std::string_view name_of(audit_kind k);
std::size_t count_of_audit_kinds();

/// One deed, or what was counted of one kind in a minute.
struct audit_entry {
    std::int64_t id = 0;
    std::string what;
    timestamp at{};
    std::string noun{};
    std::optional<std::int64_t> noun_id{};
    std::string name{};
    std::string changes = "{}"; // JSON object
    std::optional<std::int64_t> user_id;
    std::optional<std::int64_t> actor_id;
    std::optional<std::int64_t> session_id, token_id;
    std::string login;
    std::string address;
    std::string details = "{}"; // JSON object
    std::int64_t times = 1;

    /// Whose deed it is.
    void by(const actor& who);
};
DESCRIBE(audit_entry, (id, "Its number."), (what, "What was done."), (at, "When."),
         (noun, "What it was done to, as config.changed calls it: queue, user, token; empty: to nothing that is kept."),
         (noun_id, "The number of that."), (name, "What that was called then."),
         (changes,
          "Each field that changed, with its value before and after; of what was made only after, of what was removed "
          "only before. A secret is only \"changed\". A value of more than 4,000 bytes is cut, and says so."),
         (user_id, "Whom it is about."), (actor_id, "Who did it; empty: a machine, or nobody."),
         (session_id, "The session by which it was done."), (token_id, "The token by which it was done."),
         (login, "The login, as it was tried."), (address, "The address that it came from."),
         (details, "What else is known."), (times, "How often it happened, where that is counted."))

/// An entry with the names that belong to it now.
struct audit_record : audit_entry {
    std::string actor; // a person's or a token's
    std::string about;
};
DESCRIBE_DERIVED(audit_record, audit_entry,
                 (actor, "What who did it is called: a person or a token; empty: the system, or nobody who is known."),
                 (about, "What the person is called whom it is about; empty: it is about nobody."))

} // namespace switchboard
