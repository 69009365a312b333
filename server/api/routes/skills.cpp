#include "api/all_routes.hpp"
#include "api/nouns.hpp"

namespace switchboard::api {

void add_skill_routes(route_table& table) {
    add_noun_routes<skill>(table, "/api/v1/skills", "skill", "skills");
    add_noun_routes<licence>(table, "/api/v1/licences", "licence", "licences");
}

} // namespace switchboard::api
