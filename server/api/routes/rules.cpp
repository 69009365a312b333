#include "api/nouns.hpp"
#include "api/tables.hpp"

namespace switchboard::api {

void add_rule_routes(routes& table, const services& s) {
    add_noun_routes(table, "/api/v1/rules", "rule", "rules of classification, in order", s.rules,
                    {.see = who::supervisor});
}

} // namespace switchboard::api
