#include "api/nouns.hpp"
#include "api/tables.hpp"
#include "api/wire/calendar.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/calendars.hpp>
#include <switchboard/store/service_levels.hpp>
#include <switchboard/store/tickets.hpp>

namespace switchboard::api {
namespace {

store::calendar_change terms_of(const calendar_terms& in) {
    store::calendar_change out{plain<std::string>(in.name), plain<std::string>(in.timezone), {}, {}};
    if (in.hours) {
        out.hours.emplace();
        for (const auto& h : in.hours->items) out.hours->push_back({h.day, h.from, h.to});
    }
    if (in.special_days) {
        out.special_days.emplace();
        for (const auto& d : in.special_days->items) {
            special_day day{d.date, plain<std::string>(d.name).value_or(""), {}};
            if (d.hours)
                for (const auto& h : d.hours->items) day.hours.push_back({h.from, h.to});
            out.special_days->push_back(std::move(day));
        }
    }
    return out;
}

} // namespace

void add_calendar_routes(routes& table, const services& s) {
    table.get("/api/v1/calendars", who::agent, "All calendars",
              [&s](call, query<list_query> q) -> answer<page<calendar>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await s.calendars->list(*part);
              });
    table.post("/api/v1/calendars", who::admin, "Add a calendar",
               [&s](call c, body<calendar_terms> in) -> answer<created<calendar>> {
                   if (!in->name) co_return std::unexpected{invalid_field("name", "is required")};
                   if (!in->timezone) co_return std::unexpected{invalid_field("timezone", "is required")};
                   co_return settle_created(
                       co_await s.calendars->create(terms_of(*in), c.asker.user_id, keep<calendar>(c, 201)));
               });
    table.get("/api/v1/calendars/{id}", who::agent, "One calendar",
              [&s](call c) -> answer<calendar> { co_return found_or_404(co_await s.calendars->get(c.id())); });
    table.patch("/api/v1/calendars/{id}", who::admin, "Change a calendar",
                [&s](call c, body<calendar_terms> in) -> answer<calendar> {
                    auto done =
                        co_await s.calendars->change(c.id(), terms_of(*in), c.expected_version(), c.asker.user_id);
                    co_return co_await settle_change(std::move(done), [&] { return s.calendars->get(c.id()); });
                });
    table.get("/api/v1/calendars/{id}/agents", who::supervisor, "Whose shifts are these hours",
              [&s](call c) -> answer<calendar_agents> {
                  auto found = co_await s.calendars->agents(c.id());
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such calendar"}};
                  co_return calendar_agents{std::move(*found)};
              });
    table.put("/api/v1/calendars/{id}/agents", who::admin, "Say whose shifts are these hours; others lose them",
              [&s](call c, body<calendar_agents_in> in) -> answer<calendar_agents> {
                  auto done =
                      co_await s.calendars->set_agents(c.id(), plain<std::int64_t>(in->agent_ids), c.asker.user_id);
                  if (!done) co_return std::unexpected{to_problem(done.error())};
                  co_return calendar_agents{std::move(*done)};
              });
    table.remove("/api/v1/calendars/{id}", who::admin, "Delete a calendar that no queue and no agent keeps to",
                 [&s](call c) -> answer<nothing> {
                     co_return settle_nothing(co_await s.calendars->remove(c.id(), c.asker.user_id));
                 });
}

void add_sla_routes(routes& table, const services& s) {
    add_noun_routes(table, "/api/v1/sla-targets", "target", "targets: what queues promise, by priority", s.sla_targets);
    table.get("/api/v1/tickets/{id}/sla", who::agent, "What was promised to a ticket, and what became of it",
              [&s](call c) -> answer<sla_ledger> {
                  if (!co_await s.tickets->get(c.id(), c.asker.eyes()))
                      co_return std::unexpected{problem{.status = 404, .detail = "there is no such ticket"}};
                  co_return found_or_404(co_await s.service_levels->ledger(c.id()));
              });
}

} // namespace switchboard::api
