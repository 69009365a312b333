#include "api/tables.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/rules.hpp>

namespace switchboard::api {
namespace {

/// What is wrong with these conditions as a whole.
std::optional<problem> wrong_conditions(const rule_conditions& when) {
    const auto named = [](const auto& all) { return all && !all->items.empty(); };
    const bool some = named(when.gateway_ids) || named(when.channels) || named(when.addresses) || named(when.words) ||
                      named(when.languages);
    const bool always = when.always.value_or(false);
    if (some && always) return invalid_field("conditions.always", "must stand alone: there are other conditions");
    if (some || always) return std::nullopt;
    return invalid_field("conditions", "must name one, or be {\"always\": true}");
}

template <class In>
store::rule_change rule_terms(const In& in) {
    store::rule_change out;
    out.position = plain<std::int64_t>(in.position);
    if (in.conditions) out.conditions = in.conditions->json;
    if (in.actions) out.actions = in.actions->json;
    out.enabled = in.enabled;
    return out;
}

} // namespace

void add_rule_routes(routes& table, const services& s) {
    table.get("/api/v1/rules", who::supervisor, "The rules of classification, in order",
              [&s](call) -> answer<page<rule>> { co_return co_await s.rules->list(); });
    table.post("/api/v1/rules", who::admin, "Add a rule", [&s](call c, body<rule_create> in) -> answer<created<rule>> {
        const rule_conditions none;
        if (auto wrong = wrong_conditions(in->conditions ? in->conditions->value : none))
            co_return std::unexpected{std::move(*wrong)};
        auto terms = rule_terms(*in);
        terms.name = in->name.value;
        co_return settle_created(co_await s.rules->create(std::move(terms), c.asker.user_id, keep<rule>(c, 201)));
    });
    table.get("/api/v1/rules/{id}", who::supervisor, "One rule",
              [&s](call c) -> answer<rule> { co_return found_or_404(co_await s.rules->get(c.id())); });
    table.patch("/api/v1/rules/{id}", who::admin, "Change a rule; conditions and actions are replaced whole",
                [&s](call c, body<rule_patch> in) -> answer<rule> {
                    if (in->conditions)
                        if (auto wrong = wrong_conditions(in->conditions->value))
                            co_return std::unexpected{std::move(*wrong)};
                    auto terms = rule_terms(*in);
                    terms.name = plain<std::string>(in->name);
                    auto done =
                        co_await s.rules->change(c.id(), std::move(terms), c.expected_version(), c.asker.user_id);
                    co_return co_await settle_change(std::move(done), [&] { return s.rules->get(c.id()); });
                });
    table.remove("/api/v1/rules/{id}", who::admin, "Delete a rule", [&s](call c) -> answer<nothing> {
        co_return settle_nothing(co_await s.rules->remove(c.id(), c.asker.user_id));
    });
}

} // namespace switchboard::api
