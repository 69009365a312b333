#include "api/all_routes.hpp"
#include "api/nouns.hpp"

namespace switchboard::api {

void add_rule_routes(route_table& table) {
    add_noun_routes<rule>(table, "/api/v1/rules", "rule", "rules of classification, in order",
                          {.see = who::supervisor});
}

} // namespace switchboard::api
