#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

#include <fmt/format.h>

namespace switchboard::store {
namespace {

/// What a ticket asks for is kept as JSON, where no foreign key guards it.
noun_rules not_needed(const std::string& noun) {
    return {.distinct_names = true,
            .may_go = [noun](pqxx::transaction_base& tx, std::int64_t id) -> std::optional<refusal> {
                const auto used = query(tx,
                                        fmt::format(R"(
            SELECT FROM ticket
            WHERE state <> 'solved' AND {0}s @> jsonb_build_array(jsonb_build_object('{0}_id', $1::bigint))
            LIMIT 1)",
                                                    noun),
                                        id);
                return used.empty() ? std::nullopt : std::optional{refusal::conflict("it is in use")};
            }};
}

} // namespace

template <>
const noun_table& table_of<skill>() {
    static const noun_table made{schema_of<skill>(), not_needed("skill")};
    return made;
}

template <>
const noun_table& table_of<licence>() {
    static const noun_table made{schema_of<licence>(), not_needed("licence")};
    return made;
}

} // namespace switchboard::store
