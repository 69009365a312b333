#include "store/guard.hpp"

#include "store/grant_rows.hpp"
#include "store/sql.hpp"

#include <fmt/format.h>

namespace switchboard::store {

std::optional<refusal> who_may_more(pqxx::transaction_base& tx, const giver& by, const std::vector<std::int64_t>& users,
                                    const std::string& field) {
    if (!by.may || users.empty()) return std::nullopt;
    static const auto text = fmt::format(
        "SELECT u.id, u.name, {} FROM users u WHERE u.id = ANY($1::bigint[]) ORDER BY u.id", granted_to_user);
    for (const auto& r : query(tx, text, array_literal(users))) {
        if (by.id.user_id == get<std::int64_t>(r["id"]) || may_give(*by.may, grants_in(r))) continue;
        const auto name = get<std::string>(r["name"]);
        if (field.empty()) return refusal::forbidden(fmt::format("{} may more than your own roles permit", name));
        auto out = refusal::forbidden(fmt::format("names {}, who may more than your own roles permit", name));
        out.errors.push_back({field, out.detail});
        return out;
    }
    return std::nullopt;
}

} // namespace switchboard::store
