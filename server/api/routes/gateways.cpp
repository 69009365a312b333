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
#include <switchboard/util/time.hpp>

namespace switchboard::api {
namespace {

gateway_record as_shown(stored_gateway g) {
    g.settings = from_own_json(intake::shown_settings(g));
    return g;
}

std::expected<gateway_record, refusal> as_shown(store::gateways::changed done) {
    if (!done) return std::unexpected{std::move(done.error())};
    return as_shown(std::move(*done));
}

datum with_settings(datum schema, const std::string& settings) {
    auto properties = schema["properties"];
    auto inside = from_own_json(settings);
    for (const auto* word : {"default", "description"})
        if (const auto& said = properties["settings"][word]; said.exists()) inside.set(word, said);
    properties.set("settings", std::move(inside));
    schema.set("properties", std::move(properties));
    return schema;
}

/// `kind` is that of a new gateway; else it is what the gateway has.
std::expected<store::gateway_change, problem> gateway_terms(patch<gateway> form, const std::string& kind = {}) {
    store::gateway_change out;
    if (form.names<&gateway::settings>()) {
        auto parted = intake::part_secrets(to_json(form.values.settings));
        if (!parted) return std::unexpected{invalid_field("settings", parted.error())};
        form.values.settings = from_own_json(parted->open);
        out.secrets = parted->secrets;
        out.judge = [settings = std::move(*parted), kind](const stored_gateway& before) {
            return intake::settings_error(settings, kind.empty() ? before.kind : kind, before);
        };
    }
    out.form = std::move(form);
    return out;
}

boost::asio::awaitable<std::optional<gateway_record>> shown_gateway(const call& c) {
    auto found = co_await c.with.gateways.get(c.id());
    co_return found ? std::optional{as_shown(std::move(*found))} : std::nullopt;
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

template <>
datum published<gateway>() {
    return with_settings(switchboard::schema_of<gateway>(), intake::written_settings_schema());
}
template <>
datum published<gateway_record>() {
    return with_settings(switchboard::schema_of<gateway_record>(), intake::shown_settings_schema());
}

void add_gateway_routes(route_table& table) {
    table.get("/api/v1/gateway_kinds", permission::config_read,
              "What gateways there can be: what each kind is told, and how contacts are handed to it",
              [](call) -> answer<gateway_kinds> {
                  co_return gateway_kinds{intake::described_kinds("test-" + random_hex(6), now())};
              });
    table
        .post("/api/v1/gateways/{id}/test", permission::config_gateways,
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
    table.get("/api/v1/gateways", permission::config_read, "All gateways",
              [](call c, query<list_query> q) -> answer<page<gateway_record>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  auto found = co_await c.with.gateways.list(*part);
                  page<gateway_record> out{{}, std::move(found.next)};
                  for (auto& g : found.items) out.items.push_back(as_shown(std::move(g)));
                  co_return out;
              });
    table.post("/api/v1/gateways", permission::config_gateways, "Add a gateway",
               [](call c, create_form<gateway> form) -> answer<created<gateway_record>> {
                   const std::string kind = form->values.kind;
                   if (!intake::is_gateway_kind(kind))
                       co_return std::unexpected{invalid_field("kind", "must be one of " + intake::gateway_kinds())};
                   auto terms = gateway_terms(std::move(*form), kind);
                   if (!terms) co_return std::unexpected{std::move(terms.error())};
                   const auto write = [](const stored_gateway& made) { return to_wire(as_shown(made)); };
                   auto made =
                       co_await c.with.gateways.create(std::move(*terms), c.by(), keep<stored_gateway>(c, 201, write));
                   co_await take_effect(c.with.intake);
                   co_return settle_created(as_shown(std::move(made)));
               });
    table.get("/api/v1/gateways/{id}", permission::config_read, "One gateway",
              [](call c) -> answer<gateway_record> { co_return found_or_404(co_await shown_gateway(c)); });
    table.patch("/api/v1/gateways/{id}", permission::config_gateways,
                "Change a gateway; settings are replaced whole, but for secrets that are not named",
                [](call c, patch_form<gateway> form, if_match at) -> answer<gateway_record> {
                    auto terms = gateway_terms(std::move(*form));
                    if (!terms) co_return std::unexpected{std::move(terms.error())};
                    auto changed = co_await c.with.gateways.change(c.id(), std::move(*terms), at.version, c.by());
                    co_await take_effect(c.with.intake);
                    co_return co_await settle_change(as_shown(std::move(changed)), [&] { return shown_gateway(c); });
                });
}

} // namespace switchboard::api
