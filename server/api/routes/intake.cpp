#include "api/all_routes.hpp"
#include "api/intake_answers.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/accept.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

#include <algorithm>
#include <array>
#include <memory>

namespace switchboard::api {
namespace {

/// 201 where something is new.
http::response answer_of(const std::vector<store::intake_receipt>& receipts) {
    const bool fresh = std::ranges::any_of(
        receipts, [](const auto& r) { return !r.duplicate && r.outcome != "ignored" && r.outcome != "refused"; });
    return {.status = fresh ? 201 : 200, .body = to_wire(intake_answer_of(receipts))};
}

problem to_problem(const intake::refusal& r) {
    problem p{.status = r.status, .detail = r.reason};
    if (!r.field.empty()) p.errors.push_back({r.field, r.reason});
    return p;
}

/// The kinds whose sender proves itself by what it sends, and how.
constexpr std::array<std::string_view, 4> hook_kinds{"sendgrid", "mailgun", "postmark", "ses"};

std::string_view shut_reason(const intake::intake_gateway& gateway) {
    if (gateway.kind == "ses") return "this gateway names no topics yet, so anybody's could send";
    return "this gateway has no secret yet, so nobody can prove who they are";
}

/// A gateway by its name; it may be newer than what intake has read.
answer<std::shared_ptr<const intake::intake_config>> config_with(intake::intake& into, const std::string& gateway) {
    auto config = into.config();
    if (!config->find(gateway)) {
        co_await into.reload();
        config = into.config();
    }
    if (!config->find(gateway)) co_return std::unexpected{problem{.status = 404, .detail = "there is no such gateway"}};
    if (!config->find(gateway)->enabled)
        co_return std::unexpected{problem{.status = 403, .detail = "this gateway is switched off"}};
    co_return config;
}

answer<http::response> take_in(const intake::intake_gateway& gateway, call& c) {
    try {
        const auto done = co_await intake::accept(c.with.intake, c.with.offload, gateway, c.request);
        if (!done) co_return std::unexpected{to_problem(done.error())};
        co_return answer_of(*done);
    } catch (const overloaded&) {
        throw;
    } catch (const store::unavailable&) {
        throw;
    } catch (const std::exception& e) {
        // A sender must never take our fault for its own and drop the contact.
        log::error("intake_failed",
                   {{"request", c.request.header("x-request-id")}, {"gateway", gateway.name}, {"reason", e.what()}});
        problem ours{.status = 503, .detail = "this could not be taken in now"};
        ours.retry_after = 30;
        co_return std::unexpected{std::move(ours)};
    }
}

} // namespace

void add_intake_routes(route_table& table, const router_options& o) {
    table
        .post("/api/v1/intake/{gateway}", who::intake, "Hand in what a gateway received, as its kind sends it",
              [](call c) -> answer<http::response> {
                  const auto config = co_await config_with(c.with.intake, c.values[0]);
                  if (!config) co_return std::unexpected{config.error()};
                  const auto* gateway = (*config)->find(c.values[0]);
                  if (!c.asker.may_use_gateway(gateway->id))
                      co_return std::unexpected{
                          problem{.status = 403, .detail = "the token is bound to other gateways"}};
                  co_return co_await take_in(*gateway, c);
              })
        .limit(o.intake_bytes)
        .harmless()
        .answers_with(201, 200)
        .proves()
        .documents<intake_answer>();
    table
        .post("/api/v1/hooks/{gateway}", who::anyone,
              "A mail provider's webhook: no token, the provider's own signature or login instead",
              [](call c) -> answer<http::response> {
                  const auto config = co_await config_with(c.with.intake, c.values[0]);
                  if (!config) co_return std::unexpected{config.error()};
                  const auto* gateway = (*config)->find(c.values[0]);
                  if (std::ranges::find(hook_kinds, gateway->kind) == hook_kinds.end())
                      co_return std::unexpected{problem{.status = 404, .detail = "this gateway takes no webhooks"}};
                  if (!intake::can_be_proved(*gateway))
                      co_return std::unexpected{problem{.status = 403, .detail = std::string{shut_reason(*gateway)}}};
                  auto taken = co_await take_in(*gateway, c);
                  if (taken) taken->status = 200; // SendGrid, Postmark and Amazon want exactly this
                  co_return taken;
              })
        .limit(o.intake_bytes)
        .harmless()
        .proves()
        .documents<intake_answer>();
}

} // namespace switchboard::api
