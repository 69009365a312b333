#include "api/tables.hpp"
#include "api/wire/composed.hpp"

namespace switchboard::api {

void add_system_route(routes& table, const services& s) {
    table.get("/api/v1/system", who::admin, "What is wrong with the system, in words; none = nothing",
              [&s](call) -> answer<system_state> { co_return system_state{co_await s.troubles()}; });
}

} // namespace switchboard::api
