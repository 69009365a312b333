#include "api/tables.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/store/gateways.hpp>

namespace switchboard::api {
namespace {

/// Secrets are for admins.
gateway_record as_seen_by(const principal& asker, gateway_record g) {
    if (asker.role != role::admin) g.settings = intake::without_secrets(g.settings);
    return g;
}

std::optional<problem> wrong_name(const std::string& name) {
    const bool fits = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos && name[0] != '-';
    if (fits) return std::nullopt;
    return invalid_field("name", "may have lower-case letters, digits and inner hyphens: it stands in addresses");
}

std::optional<problem> wrong_settings(const std::optional<gateway_settings_in>& settings) {
    if (!settings) return std::nullopt;
    if (const auto message = intake::settings_error(settings->json)) return invalid_field("settings", *message);
    return std::nullopt;
}

template <class In>
store::gateway_change terms_of(const In& in) {
    store::gateway_change out;
    if (in.settings) out.settings = in.settings->json;
    out.from_name = plain<std::string>(in.from_name);
    out.from_address = plain<std::string>(in.from_address);
    out.enabled = in.enabled;
    return out;
}

} // namespace

void add_gateway_routes(routes& table, const services& s) {
    table.get("/api/v1/gateways", who::supervisor, "All gateways",
              [&s](call c, query<list_query> q) -> answer<page<gateway_record>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  auto found = co_await s.gateways->list(*part);
                  for (auto& g : found.items) g = as_seen_by(c.asker, std::move(g));
                  co_return found;
              });
    table.post("/api/v1/gateways", who::admin, "Add a gateway",
               [&s](call c, body<gateway_create> in) -> answer<created<gateway_record>> {
                   if (auto wrong = wrong_name(in->name)) co_return std::unexpected{std::move(*wrong)};
                   if (!intake::is_gateway_kind(in->kind.value))
                       co_return std::unexpected{invalid_field("kind", "must be one of " + intake::gateway_kinds())};
                   if (auto wrong = wrong_settings(in->settings)) co_return std::unexpected{std::move(*wrong)};
                   auto terms = terms_of(*in);
                   terms.name = in->name.value;
                   terms.kind = in->kind.value;
                   terms.queue_id = in->queue_id.value;
                   co_return settle_created(co_await s.gateways->create(std::move(terms), c.asker.user_id));
               });
    table.get("/api/v1/gateways/{id}", who::supervisor, "One gateway", [&s](call c) -> answer<gateway_record> {
        auto found = co_await s.gateways->get(c.id());
        if (found) found = as_seen_by(c.asker, std::move(*found));
        co_return found_or_404(std::move(found));
    });
    table.patch("/api/v1/gateways/{id}", who::admin, "Change a gateway; settings are replaced whole",
                [&s](call c, body<gateway_patch> in) -> answer<gateway_record> {
                    if (in->name)
                        if (auto wrong = wrong_name(*in->name)) co_return std::unexpected{std::move(*wrong)};
                    if (auto wrong = wrong_settings(in->settings)) co_return std::unexpected{std::move(*wrong)};
                    auto terms = terms_of(*in);
                    terms.name = plain<std::string>(in->name);
                    terms.queue_id = plain<std::int64_t>(in->queue_id);
                    co_return settle(
                        co_await s.gateways->change(c.id(), std::move(terms), c.expected_version(), c.asker.user_id));
                });
}

} // namespace switchboard::api
