#include "api/nouns.hpp"
#include "api/tables.hpp"

namespace switchboard::api {

void add_skill_routes(routes& table, const services& s) {
    add_noun_routes(table, "/api/v1/skills", "skill", "skills", s.skills);
    add_noun_routes(table, "/api/v1/licences", "licence", "licences", s.licences);
}

} // namespace switchboard::api
