#include "api/nouns.hpp"
#include "api/all_routes.hpp"

namespace switchboard::api {

/// The nouns that have no other routes than a noun's.
void add_all_noun_routes(route_table& table) {
    add_noun_routes<skill>(table, "/api/v1/skills", "skill", "skills");
    add_noun_routes<licence>(table, "/api/v1/licences", "licence", "licences");
    add_noun_routes<rule>(table, "/api/v1/rules", "rule", "rules of classification, in order",
                          {.see = who::supervisor});
    add_noun_routes<object_kind>(table, "/api/v1/object-kinds", "object kind",
                                 "kinds of what other systems know of customers");
    add_noun_routes<absence_reason>(table, "/api/v1/absence-reasons", "absence reason",
                                    "reasons for which agents are not ready, in order");
}

} // namespace switchboard::api
