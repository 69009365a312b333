#include "api/nouns.hpp"
#include "api/all_routes.hpp"
#include "api/permission.hpp"

#include <algorithm>

namespace switchboard::api {
namespace {

/// Nobody makes a role that may more than himself.
std::optional<problem> more_than_his(const principal& asker, const patch<role>& form) {
    if (may_give(asker.granted, grants_of(form.values.grants))) return std::nullopt;
    return problem{.status = 403,
                   .detail = "grants has more than your own roles permit",
                   .errors = {{"grants", "has more than your own roles permit"}}};
}

/// Nor changes one that may more.
std::optional<refusal> may_more(const principal& asker, const role& there, const patch<role>*) {
    if (may_give(asker.granted, grants_of(there.grants))) return std::nullopt;
    return refusal::forbidden("this role may more than your own roles permit");
}

/// Who may not see what is sensitive neither says that it is not, nor takes the field away, to declare it anew without:
/// what is kept would be shown to everybody.
std::optional<refusal> uncovers(const principal& asker, const object_kind& there, const patch<object_kind>* wanted) {
    if (!wanted || !wanted->names<&object_kind::fields>() || asker.may(permission::customer_sensitive))
        return std::nullopt;
    const auto stays = [&](const typed_field& f) {
        return !f.sensitive || std::ranges::any_of(wanted->values.fields, [&](const typed_field& w) {
            return w.name == f.name && w.sensitive;
        });
    };
    const auto lost = std::ranges::find_if_not(there.fields, stays);
    if (lost == there.fields.end()) return std::nullopt;
    auto out = refusal::forbidden(not_permitted(permission::customer_sensitive));
    out.errors.push_back({"fields", lost->name + " must stay sensitive: who may see it may change that"});
    return out;
}

} // namespace

/// The nouns that have no other routes than a noun's.
void add_all_noun_routes(route_table& table) {
    using enum permission;
    add_noun_routes<role>(table, "/api/v1/roles", "role", "roles",
                          {.change = config_roles, .judge = more_than_his, .guard = may_more});
    add_noun_routes<skill>(table, "/api/v1/skills", "skill", "skills", {config_skills});
    add_noun_routes<licence>(table, "/api/v1/licences", "licence", "licences", {config_skills});
    add_noun_routes<rule>(table, "/api/v1/rules", "rule", "rules of classification, in order",
                          {config_rules, config_read});
    add_noun_routes<object_kind>(table, "/api/v1/object-kinds", "object kind",
                                 "kinds of what other systems know of customers",
                                 {.change = config_objects, .guard = uncovers});
    add_noun_routes<action_kind>(table, "/api/v1/action-kinds", "action kind",
                                 "kinds of what can be done to what customers have", {config_actions});
    add_noun_routes<action_limit>(table, "/api/v1/action-limits", "limit", "limits of who may authorise how much",
                                  {config_actions, config_read});
    add_noun_routes<organization>(table, "/api/v1/organizations", "organization", "organizations",
                                  {organization_edit, customer_read});
    add_noun_routes<absence_reason>(table, "/api/v1/absence-reasons", "absence reason",
                                    "reasons for which agents are not ready, in order", {config_reasons});
}

} // namespace switchboard::api
