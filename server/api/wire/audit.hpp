#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/audit_entry.hpp>
#include <switchboard/model/time.hpp>

#include <optional>

namespace switchboard::api {

struct audit_filter {
    std::optional<name_in<audit_kind>> what;
    std::optional<text<1, 40>> noun;
    std::optional<id_number> id, person, about;
    std::optional<timestamp> since, until;
};
DESCRIBE(audit_filter, (what, "Only this."), (noun, "Only what was done to such things: queue, user, token."),
         (id, "Only what was done to the one of this number; with noun."), (person, "Only what this person did."),
         (about, "Only what is about this person."), (since, "Only from this moment on."),
         (until, "Only before this moment."))

struct audit_query : audit_filter {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE_DERIVED(audit_query, audit_filter, (limit, "How many at most."),
                 (after, "Where to go on: `next` of the part before."))

} // namespace switchboard::api
