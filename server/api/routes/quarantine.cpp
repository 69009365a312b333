#include "api/all_routes.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/accept.hpp>
#include <switchboard/store/contacts.hpp>

namespace switchboard::api {

/// What one round did; `next` = where the following one begins, empty at the end.
struct replay_answer {
    std::int64_t tried = 0;
    std::int64_t understood = 0;
    std::optional<std::int64_t> next;
};
DESCRIBE(replay_answer, (tried, "How many contacts were read again."),
         (understood, "How many of them were understood."), (next, "Where the next round begins; empty: all is done."))

namespace {

constexpr std::int64_t inputs_a_round = 50;

void add(replay_answer& sum, const intake::replay_counts& counts) {
    sum.tried += static_cast<std::int64_t>(counts.tried);
    sum.understood += static_cast<std::int64_t>(counts.understood);
}

} // namespace

void add_quarantine_routes(route_table& table) {
    // What is read once more and understood is not in quarantine any more: a repeat finds nothing to do.
    table
        .post("/api/v1/contacts/{id}/replay", permission::quarantine_replay,
              "Read a quarantined contact once more; what is understood now fills the same contact",
              [](call c, body<nothing_more>) -> answer<replay_answer> {
                  const auto counts = co_await intake::replay(c.with.intake, c.with.offload, c.with.contacts, c.id());
                  if (!counts)
                      co_return std::unexpected{
                          problem{.status = 404, .detail = "there is no such quarantined contact"}};
                  replay_answer out;
                  add(out, *counts);
                  co_return out;
              })
        .harmless();
    table
        .post("/api/v1/contacts/replay", permission::quarantine_replay,
              "Read what is in quarantine once more, the oldest first, a round at a time",
              [](call c, body<replay_request> in) -> answer<replay_answer> {
                  const auto limit = plain<std::int64_t>(in->limit).value_or(inputs_a_round);
                  const auto ids = co_await c.with.contacts.quarantined_ids(plain<std::int64_t>(in->after).value_or(0),
                                                                            plain<std::string>(in->gateway), limit);
                  replay_answer out;
                  for (const auto id : ids)
                      if (const auto counts =
                              co_await intake::replay(c.with.intake, c.with.offload, c.with.contacts, id))
                          add(out, *counts);
                  if (static_cast<std::int64_t>(ids.size()) == limit) out.next = ids.back();
                  co_return out;
              })
        .harmless();
}

} // namespace switchboard::api
