#include "store/demo/parts.hpp"

#include "store/noun_table.hpp"

#include <switchboard/store/configuration.hpp>
#include <switchboard/util/form.hpp>

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace switchboard::store::demo {

using nlohmann::json;

namespace {

/// Judged as if an admin had sent it.
template <class T>
std::int64_t add(pqxx::transaction_base& tx, const json& terms) {
    const auto form = read_form<T>(from_own_json(terms.dump()), form::create);
    if (!form) throw std::runtime_error{"the demo: " + form.error().detail};
    const auto& table = table_of<T>();
    const auto values = get(form->values);
    if (table.rules.judge)
        if (const auto wrong = table.rules.judge(tx, values)) throw std::runtime_error{"the demo: " + wrong->detail};
    return table.insert(tx, values)["id"].number;
}

} // namespace

void write_actions(pqxx::transaction_base& tx, const json& kinds, const json& limits) {
    ids by_name;
    for (const auto& terms : kinds) by_name.emplace(terms.at("name"), add<action_kind>(tx, terms));
    for (auto terms : limits) {
        terms["kind_id"] = id_of(by_name, terms.at("kind"), "action kind");
        terms.erase("kind");
        if (terms.contains("role"))
            terms["role_id"] = value_of<std::int64_t>(
                query(tx, "SELECT id FROM role WHERE lower(name) = $1", terms["role"].get<std::string>()));
        terms.erase("role");
        add<action_limit>(tx, terms);
    }
}

} // namespace switchboard::store::demo
