#include "api/all_routes.hpp"
#include "api/wire/composed.hpp"

namespace switchboard::api {

void add_system_route(route_table& table) {
    table.get("/api/v1/system", permission::system_read, "What is wrong with the system, in words; none = nothing",
              [](call c) -> answer<system_state> { co_return system_state{co_await c.with.troubles()}; });
}

} // namespace switchboard::api
