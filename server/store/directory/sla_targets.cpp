#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {

template <>
const noun_table& table_of<sla_target>() {
    static const noun_table made{
        schema_of<sla_target>(), {.judge = [](pqxx::transaction_base&, const datum& wanted) -> std::optional<refusal> {
            const auto& solution = wanted["solution_s"];
            if (solution.is == datum::kind::null || solution.number >= wanted["first_answer_s"].number)
                return std::nullopt;
            return refusal::invalid("solution_s", "must not be before the first answer");
        }}};
    return made;
}

} // namespace switchboard::store
