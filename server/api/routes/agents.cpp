#include "api/all_routes.hpp"
#include "api/permission.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/agents.hpp>

namespace switchboard::api {
namespace {

store::agent_change terms_of(const agent_put& in) {
    store::agent_change out;
    if (in.skills) {
        out.skills.emplace();
        for (const auto& x : in.skills->items) out.skills->push_back({x.skill_id, x.level});
    }
    if (in.licences) {
        out.licences.emplace();
        for (const auto& x : in.licences->items)
            out.licences->push_back({x.licence_id, plain<std::string>(x.jurisdictions), x.valid_from, x.valid_until,
                                     plain<std::string>(x.state).value_or("active")});
    }
    if (in.queues) {
        out.queues.emplace();
        for (const auto& x : in.queues->items)
            out.queues->push_back(
                {x.queue_id, plain<std::int64_t>(x.rank).value_or(0), plain<std::int64_t>(x.delay_s).value_or(0)});
    }
    if (in.channels) {
        out.channels.emplace();
        for (const auto& x : in.channels->items)
            out.channels->push_back({x.channel, x.capacity, plain<std::int64_t>(x.weight).value_or(0)});
    }
    out.grade = plain<std::int64_t>(in.grade);
    out.units = plain<std::int64_t>(in.units);
    if (in.calendar_id) out.calendar_id = plain<std::int64_t>(in.calendar_id->value);
    return out;
}

std::optional<problem> contradiction(const store::agent_change& terms) {
    if (terms.skills && !unique(*terms.skills, &agent_skill::skill_id))
        return invalid_field("skills", "names a skill twice");
    if (terms.queues && !unique(*terms.queues, &agent_queue::queue_id))
        return invalid_field("queues", "names a queue twice");
    if (terms.channels && !unique(*terms.channels, &agent_channel::channel))
        return invalid_field("channels", "names a channel twice");
    if (terms.licences)
        for (std::size_t i = 0; i < terms.licences->size(); ++i)
            if ((*terms.licences)[i].valid_from >= (*terms.licences)[i].valid_until)
                return invalid_field("licences[" + std::to_string(i) + "].valid_until", "must be after valid_from");
    return std::nullopt;
}

} // namespace

void add_agent_routes(route_table& table) {
    table.get("/api/v1/agents", permission::team_watch, "Everybody who is given work, with skills and load",
              [](call c, query<list_query> q) -> answer<page<agent_profile>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await c.with.agents.list(*part);
              });
    table.get("/api/v1/agents/{id}", who::known, "An agent's profile: one's own, or anybody's for who may team.watch",
              [](call c) -> answer<agent_profile> {
                  if (!c.asker.may(permission::team_watch) && c.asker.user_id != c.id())
                      co_return std::unexpected{
                          problem{.status = 403, .detail = not_permitted(permission::team_watch)}};
                  co_return found_or_404(co_await c.with.agents.get(c.id()));
              });
    table.put("/api/v1/agents/{id}", permission::config_people, "Replace the sets of an agent's profile that are given",
              [](call c, body<agent_put> in, if_match at) -> answer<agent_profile> {
                  auto terms = terms_of(*in);
                  if (auto wrong = contradiction(terms)) co_return std::unexpected{std::move(*wrong)};
                  if (terms.queues && !c.asker.may(permission::config_queues)) // who is a member sees what lies there
                      co_return std::unexpected{problem{.status = 403,
                                                        .detail = not_permitted(permission::config_queues),
                                                        .errors = {{"queues", "needs config.queues"}}}};
                  co_return settle(co_await c.with.agents.put(c.id(), std::move(terms), at.version, giver_of(c)));
              });
}

} // namespace switchboard::api
