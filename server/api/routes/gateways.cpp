#include "api/all_routes.hpp"
#include "api/intake_answers.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/accept.hpp>
#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/gateways.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::api {
namespace {

gateway_record as_shown(gateway_record g) {
    g.settings = intake::shown_settings(g);
    return g;
}

store::gateways::changed as_shown(store::gateways::changed done) {
    if (done) return as_shown(std::move(*done));
    return done;
}

store::keep<gateway_record> keep_shown(const call& c) {
    return keep<gateway_record>(c, 201, [](const gateway_record& made) { return to_wire(as_shown(made)); });
}

std::optional<problem> wrong_name(const std::string& name) {
    const bool fits = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos && name[0] != '-';
    if (fits) return std::nullopt;
    return invalid_field("name", "may have lower-case letters, digits and inner hyphens: it stands in addresses");
}

/// `kind` is that of a new gateway; else it is what the gateway has.
template <class In>
std::expected<store::gateway_change, problem> gateway_terms(const In& in, const std::string& kind = {}) {
    store::gateway_change out;
    if (in.settings) {
        auto parted = intake::part_secrets(in.settings->json);
        if (!parted) return std::unexpected{invalid_field("settings", parted.error())};
        out.settings = parted->open;
        out.secrets = parted->secrets;
        out.judge = [settings = std::move(*parted), kind](const gateway_record& before) {
            return intake::settings_error(settings, kind.empty() ? before.kind : kind, before);
        };
    }
    if (in.from_name) out.from_name = plain_name(in.from_name->value);
    out.from_address = plain<std::string>(in.from_address);
    if (out.from_address && !out.from_address->empty() && !is_mail_address(*out.from_address))
        return std::unexpected{invalid_field("from_address", "must be an e-mail address")};
    out.enabled = in.enabled;
    return out;
}

/// Who has just made or changed a gateway may use it at once; other nodes hear of it from the log. It is committed
/// already, so what goes wrong here is no failure of the request.
boost::asio::awaitable<void> take_effect(intake::intake& i) {
    try {
        co_await i.reload();
    } catch (const std::exception& e) {
        log::warn("configuration_unread", {{"reason", e.what()}});
    }
}

} // namespace

void add_gateway_routes(route_table& table) {
    table.get("/api/v1/gateway_kinds", who::supervisor,
              "What gateways there can be: what each kind is told, and how contacts are handed to it",
              [](call) -> answer<gateway_kinds> {
                  co_return gateway_kinds{intake::described_kinds("test-" + random_hex(6), now())};
              });
    table
        .post("/api/v1/gateways/{id}/test", who::admin,
              "Take in a test contact by the way of everybody's, and say what became of it",
              [](call c, body<nothing_more>) -> answer<intake_answer> {
                  co_await c.with.intake.reload();
                  const auto config = c.with.intake.config();
                  const auto found = config->gateways.find(c.id());
                  if (found == config->gateways.end())
                      co_return std::unexpected{problem{.status = 404, .detail = "there is no such gateway"}};
                  if (!found->second.enabled)
                      co_return std::unexpected{problem{.status = 409, .detail = "this gateway is switched off"}};
                  // A repeat is the same contact.
                  const auto key = c.request.header("idempotency-key");
                  const auto id = "test-" + (key.empty() ? random_hex(12) : sha256_hex(key).substr(0, 24));
                  auto done = co_await intake::take_test(c.with.intake, c.with.offload, found->second, id, now());
                  if (!done)
                      co_return std::unexpected{
                          problem{.status = 409, .detail = "nothing is pushed to gateways of this kind"}};
                  co_return intake_answer_of(*done);
              })
        .harmless();
    table.get("/api/v1/gateways", who::supervisor, "All gateways",
              [](call c, query<list_query> q) -> answer<page<gateway_record>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  auto found = co_await c.with.gateways.list(*part);
                  for (auto& g : found.items) g = as_shown(std::move(g));
                  co_return found;
              });
    table.post("/api/v1/gateways", who::admin, "Add a gateway",
               [](call c, body<gateway_create> in) -> answer<created<gateway_record>> {
                   if (auto wrong = wrong_name(in->name)) co_return std::unexpected{std::move(*wrong)};
                   if (!intake::is_gateway_kind(in->kind.value))
                       co_return std::unexpected{invalid_field("kind", "must be one of " + intake::gateway_kinds())};
                   auto terms = gateway_terms(*in, in->kind.value);
                   if (!terms) co_return std::unexpected{std::move(terms.error())};
                   terms->name = in->name.value;
                   terms->kind = in->kind.value;
                   terms->queue_id = in->queue_id.value;
                   auto made = co_await c.with.gateways.create(std::move(*terms), c.asker.user_id, keep_shown(c));
                   co_await take_effect(c.with.intake);
                   co_return settle_created(as_shown(std::move(made)));
               });
    table.get("/api/v1/gateways/{id}", who::supervisor, "One gateway", [](call c) -> answer<gateway_record> {
        auto found = co_await c.with.gateways.get(c.id());
        if (found) found = as_shown(std::move(*found));
        co_return found_or_404(std::move(found));
    });
    table.patch("/api/v1/gateways/{id}", who::admin,
                "Change a gateway; settings are replaced whole, but for secrets that are not named",
                [](call c, body<gateway_patch> in, if_match at) -> answer<gateway_record> {
                    if (in->name)
                        if (auto wrong = wrong_name(*in->name)) co_return std::unexpected{std::move(*wrong)};
                    auto terms = gateway_terms(*in);
                    if (!terms) co_return std::unexpected{std::move(terms.error())};
                    terms->name = plain<std::string>(in->name);
                    terms->queue_id = plain<std::int64_t>(in->queue_id);
                    auto changed =
                        co_await c.with.gateways.change(c.id(), std::move(*terms), at.version, c.asker.user_id);
                    co_await take_effect(c.with.intake);
                    co_return co_await settle_change(as_shown(std::move(changed)),
                                                     [&]() -> boost::asio::awaitable<std::optional<gateway_record>> {
                                                         auto now = co_await c.with.gateways.get(c.id());
                                                         if (now) now = as_shown(std::move(*now));
                                                         co_return now;
                                                     });
                });
}

} // namespace switchboard::api
