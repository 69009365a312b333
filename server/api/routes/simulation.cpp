#include "api/wire/simulation.hpp"
#include "api/all_routes.hpp"
#include "api/wire/composed.hpp"

#include <switchboard/util/time.hpp>

namespace switchboard::api {

namespace {

template <class Percent>
std::optional<double> factor(const std::optional<Percent>& p) {
    if (!p) return std::nullopt;
    return static_cast<double>(p->value) / 100;
}

std::vector<what_if_skill> skills_of(const std::optional<list<what_if_skill_in, 100>>& in) {
    std::vector<what_if_skill> out;
    if (in)
        for (const auto& s : in->items) out.push_back({s.skill_id, s.level});
    return out;
}

std::optional<std::vector<what_if_opening>> openings_of(const std::optional<list<what_if_opening_in, 20>>& in) {
    if (!in) return std::nullopt;
    std::vector<what_if_opening> out;
    for (const auto& o : in->items) out.push_back({plain<std::int64_t>(o.days), o.from_hour, o.until_hour});
    return out;
}

what_if_agent agent_of(const what_if_agent_in& in) {
    what_if_agent out;
    out.agent_id = in.agent_id;
    out.absent = in.absent.value_or(false);
    out.skills = skills_of(in.skills);
    if (in.join) out.join = plain<std::int64_t>(*in.join);
    if (in.leave) out.leave = plain<std::int64_t>(*in.leave);
    out.grade = plain<std::int64_t>(in.grade);
    out.hours = openings_of(in.hours);
    return out;
}

what_if_queue queue_of(const what_if_queue_in& in) {
    what_if_queue out;
    out.queue_id = in.queue_id;
    out.arrivals = factor(in.arrivals_percent);
    out.handling = factor(in.handling_percent);
    out.order_mode = in.order_mode;
    out.agent_policy = in.agent_policy;
    out.closed_action = in.closed_action;
    if (in.max_waiting) out.max_waiting = plain<std::int64_t>(in.max_waiting->value).value_or(-1);
    if (in.overflow_queue_id) out.overflow_queue_id = plain<std::int64_t>(in.overflow_queue_id->value).value_or(0);
    out.idle_reserve = plain<std::int64_t>(in.idle_reserve);
    out.boost_s = plain<std::int64_t>(in.boost_s);
    out.sla_target_s = plain<std::int64_t>(in.sla_target_s);
    out.fqr_percent = plain<std::int64_t>(in.fqr_percent);
    if (in.interruptible) out.interruptible = *in.interruptible ? 1 : 0;
    out.steps = in.steps;
    out.open = openings_of(in.open);
    return out;
}

what_if changes_of(const what_if_in& in) {
    what_if out;
    out.arrivals = factor(in.arrivals_percent).value_or(1);
    if (in.agents)
        for (const auto& a : in.agents->items) out.agents.push_back(agent_of(a));
    if (in.colleagues)
        for (const auto& c : in.colleagues->items)
            out.colleagues.push_back({c.like_agent_id, c.count, skills_of(c.skills)});
    if (in.queues)
        for (const auto& q : in.queues->items) out.queues.push_back(queue_of(q));
    return out;
}

} // namespace

void add_simulation_routes(route_table& table) {
    table
        .post("/api/v1/simulations", permission::routing_simulate,
              "The center as it is and as it might be, simulated with recorded arrivals; changes nothing",
              [](call c, body<simulation_request> in) -> answer<simulation> {
                  simulation_order order;
                  if (in->what_if) order.changes = changes_of(*in->what_if);
                  if (in->days) order.days = *in->days;
                  if (in->replications) order.replications = *in->replications;
                  if (in->time_zone) order.time_zone = *in->time_zone;
                  if (!is_timezone(order.time_zone))
                      co_return std::unexpected{
                          problem{.status = 422, .errors = {{"time_zone", "is not a time zone"}}}};
                  auto done = co_await c.with.simulate(std::move(order));
                  if (done) co_return std::move(*done);
                  if (done.error().busy)
                      co_return std::unexpected{
                          problem{.status = 409, .detail = "another simulation is under way", .retry_after = 5}};
                  problem wrong{.status = 422, .detail = "this cannot be simulated"};
                  for (auto& [field, message] : done.error().wrong) wrong.errors.push_back({field, message});
                  co_return std::unexpected{std::move(wrong)};
              })
        .harmless();
}

} // namespace switchboard::api
