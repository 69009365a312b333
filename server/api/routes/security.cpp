#include "api/all_routes.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/store/security_events.hpp>

namespace switchboard::api {

void add_security_routes(route_table& table) {
    table.get("/api/v1/security-events", permission::audit_read,
              "Who came in, who did not, and what was bound; the newest first",
              [](call c, query<list_query> q) -> answer<page<security_event>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await c.with.security_events.list(*part);
              });
}

} // namespace switchboard::api
