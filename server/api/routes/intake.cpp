#include "api/tables.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/accept.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

#include <algorithm>

namespace switchboard::api {
namespace {

intake_item item_of(const store::intake_receipt& r) {
    intake_item out;
    if (r.contact_id != 0) out.contact_id = r.contact_id;
    out.ticket_id = r.ticket_id;
    if (r.ticket_id) out.ticket_number = std::to_string(*r.ticket_id);
    out.outcome = r.outcome;
    out.duplicate = r.duplicate;
    return out;
}

/// The first record's fields, and all of them as items where there are several.
http::response answer_of(const std::vector<store::intake_receipt>& receipts) {
    intake_answer out{{.outcome = "ignored"}, {}, {}};
    bool fresh = false;
    for (const auto& r : receipts) {
        fresh = fresh || (!r.duplicate && r.outcome != "ignored" && r.outcome != "refused");
        out.items.push_back(item_of(r));
    }
    if (!out.items.empty()) static_cast<intake_item&>(out) = out.items.front();
    if (!receipts.empty() && !receipts.front().detail.empty()) out.detail = receipts.front().detail;
    if (out.items.size() == 1) out.items.clear();
    return {.status = fresh ? 201 : 200, .body = to_wire(out)};
}

problem to_problem(const intake::refusal& r) {
    problem p{.status = r.status, .detail = r.reason};
    if (!r.field.empty()) p.errors.push_back({r.field, r.reason});
    return p;
}

} // namespace

void add_intake_routes(routes& table, const services& s, const router_options& o) {
    table
        .post("/api/v1/intake/{gateway}", who::intake, "Hand in what a gateway received, as its kind sends it",
              [&s](call c) -> answer<http::response> {
                  auto config = s.intake->config();
                  if (!config->find(c.values[0])) { // it may be newer than what intake has read
                      co_await s.intake->reload();
                      config = s.intake->config();
                  }
                  const auto* gateway = config->find(c.values[0]);
                  if (!gateway) co_return std::unexpected{problem{.status = 404, .detail = "there is no such gateway"}};
                  if (!c.asker.may_use_gateway(gateway->id))
                      co_return std::unexpected{problem{.status = 403, .detail = "the token is bound to other gateways"}};
                  if (!gateway->enabled)
                      co_return std::unexpected{problem{.status = 403, .detail = "this gateway is switched off"}};
                  try {
                      const auto done = co_await intake::accept(*s.intake, *s.offload, *gateway, c.request);
                      if (!done) co_return std::unexpected{to_problem(done.error())};
                      co_return answer_of(*done);
                  } catch (const overloaded&) {
                      throw;
                  } catch (const store::unavailable&) {
                      throw;
                  } catch (const std::exception& e) {
                      // A sender must never take our fault for its own and drop the contact.
                      log::error("intake_failed", {{"request", c.request.header("x-request-id")},
                                                   {"gateway", gateway->name},
                                                   {"reason", e.what()}});
                      problem ours{.status = 503, .detail = "this could not be taken in now"};
                      ours.retry_after = 30;
                      co_return std::unexpected{std::move(ours)};
                  }
              })
        .limit(o.intake_bytes)
        .harmless()
        .answers_with(201)
        .documents<intake_answer>();
}

} // namespace switchboard::api
