#include "api/all_routes.hpp"
#include "api/nouns.hpp"
#include "api/permission.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/queues.hpp>

namespace switchboard::api {
void add_queue_routes(route_table& table) {
    add_noun_routes<queue>(table, "/api/v1/queues", "queue", "queues", {permission::config_queues});
    table.get("/api/v1/queues/{id}/members", permission::config_read, "Who works in a queue",
              [](call c) -> answer<queue_members> {
                  auto found = co_await c.with.queue_members.of(c.id());
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such queue"}};
                  co_return queue_members{std::move(*found)};
              });
    table.put("/api/v1/queues/{id}/members", permission::config_queues, "Replace who works in a queue",
              [](call c, body<queue_members_in> in, if_match at) -> answer<queue_members> {
                  std::vector<queue_member> all;
                  for (const auto& m : in->members.items)
                      all.push_back({m.agent_id, "", plain<std::int64_t>(m.rank).value_or(0),
                                     plain<std::int64_t>(m.delay_s).value_or(0)});
                  if (!unique(all, &queue_member::agent_id))
                      co_return std::unexpected{invalid_field("members", "names an agent twice")};
                  auto done = co_await c.with.queue_members.set(c.id(), std::move(all), at.version, giver_of(c));
                  if (!done) co_return std::unexpected{to_problem(done.error())};
                  co_return queue_members{std::move(*done)};
              });
}

} // namespace switchboard::api
