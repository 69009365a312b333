#include "api/tables.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/dispositions.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/steps.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/queues.hpp>
#include <switchboard/util/one_line.hpp>

namespace switchboard::api {
namespace {

std::expected<store::queue_change, problem> terms_of(const queue_terms& in) {
    store::queue_change out;
    out.name = plain<std::string>(in.name);
    out.order_mode = plain<std::string>(in.order_mode);
    out.agent_policy = plain<std::string>(in.agent_policy);
    out.ring_s = plain<std::int64_t>(in.ring_s);
    out.fan_out = plain<std::int64_t>(in.fan_out);
    out.cool_s = plain<std::int64_t>(in.cool_s);
    out.wrapup_s = plain<std::int64_t>(in.wrapup_s);
    out.thread_window_s = plain<std::int64_t>(in.thread_window_s);
    out.idle_reserve = plain<std::int64_t>(in.idle_reserve);
    out.boost_s = plain<std::int64_t>(in.boost_s);
    out.sla_target_s = plain<std::int64_t>(in.sla_target_s);
    if (in.skills) {
        out.skills.emplace();
        for (const auto& need : in.skills->items) out.skills->push_back({need.skill_id, need.min});
    }
    if (in.licences) {
        out.licences.emplace();
        for (const auto& need : in.licences->items) out.licences->push_back({need.licence_id, need.jurisdiction});
    }
    if (in.sender_name) out.sender_name = plain_name(in.sender_name->value);
    out.signature = plain<std::string>(in.signature);
    out.acknowledgement = plain<std::string>(in.acknowledgement);
    if (in.escalation_queue_id) out.escalation_queue_id = plain<std::int64_t>(in.escalation_queue_id->value);
    out.interruptible = in.interruptible;
    out.fqr_percent = plain<std::int64_t>(in.fqr_percent);
    if (in.max_waiting) out.max_waiting = plain<std::int64_t>(in.max_waiting->value);
    if (in.overflow_queue_id) out.overflow_queue_id = plain<std::int64_t>(in.overflow_queue_id->value);
    out.closed_action = plain<std::string>(in.closed_action);
    out.left_action = plain<std::string>(in.left_action);
    out.return_after_s = plain<std::int64_t>(in.return_after_s);
    out.affinity_hold_s = plain<std::int64_t>(in.affinity_hold_s);
    if (in.steps) out.steps = steps_of(*in.steps);
    if (in.calendar_id) out.calendar_id = plain<std::int64_t>(in.calendar_id->value);
    if (in.dispositions) {
        auto all = dispositions_of(*in.dispositions);
        if (!all) return std::unexpected{std::move(all.error())};
        out.dispositions = std::move(*all);
    }
    out.active = in.active;
    return out;
}

} // namespace

void add_queue_routes(routes& table, const services& s) {
    table.get("/api/v1/queues", who::agent, "All queues", [&s](call, query<list_query> q) -> answer<page<queue>> {
        const auto part = part_of(*q);
        if (!part) co_return std::unexpected{part.error()};
        co_return co_await s.queues->list(*part);
    });
    table.post("/api/v1/queues", who::admin, "Add a queue",
               [&s](call c, body<queue_terms> in) -> answer<created<queue>> {
                   if (!in->name) co_return std::unexpected{invalid_field("name", "is required")};
                   auto terms = terms_of(*in);
                   if (!terms) co_return std::unexpected{std::move(terms.error())};
                   co_return settle_created(
                       co_await s.queues->create(std::move(*terms), c.asker.user_id, keep<queue>(c, 201)));
               });
    table.get("/api/v1/queues/{id}", who::agent, "One queue",
              [&s](call c) -> answer<queue> { co_return found_or_404(co_await s.queues->get(c.id())); });
    table.patch("/api/v1/queues/{id}", who::admin, "Change a queue",
                [&s](call c, body<queue_terms> in) -> answer<queue> {
                    auto terms = terms_of(*in);
                    if (!terms) co_return std::unexpected{std::move(terms.error())};
                    co_return settle(
                        co_await s.queues->change(c.id(), std::move(*terms), c.expected_version(), c.asker.user_id));
                });
    table.remove("/api/v1/queues/{id}", who::admin, "Delete a queue that nothing refers to",
                 [&s](call c) -> answer<nothing> {
                     co_return settle_nothing(co_await s.queues->remove(c.id(), c.asker.user_id));
                 });
    table.get("/api/v1/queues/{id}/members", who::supervisor, "Who works in a queue",
              [&s](call c) -> answer<queue_members> {
                  auto found = co_await s.queues->members(c.id());
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such queue"}};
                  co_return queue_members{std::move(*found)};
              });
    table.put("/api/v1/queues/{id}/members", who::admin, "Replace who works in a queue",
              [&s](call c, body<queue_members_in> in) -> answer<queue_members> {
                  std::vector<queue_member> all;
                  for (const auto& m : in->members.items)
                      all.push_back({m.agent_id, "", plain<std::int64_t>(m.rank).value_or(0),
                                     plain<std::int64_t>(m.delay_s).value_or(0)});
                  if (!unique(all, &queue_member::agent_id))
                      co_return std::unexpected{invalid_field("members", "names an agent twice")};
                  auto done =
                      co_await s.queues->set_members(c.id(), std::move(all), c.expected_version(), c.asker.user_id);
                  if (!done) co_return std::unexpected{to_problem(done.error())};
                  co_return queue_members{std::move(*done)};
              });
}

} // namespace switchboard::api
