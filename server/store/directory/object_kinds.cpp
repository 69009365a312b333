#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {

template <>
const noun_table& table_of<object_kind>() {
    static const noun_table made{
        schema_of<object_kind>(),
        {.distinct_names = true,
         .judge = [](pqxx::transaction_base&, const datum& wanted) -> std::optional<refusal> {
             const auto kind = from_datum<object_kind>(wanted);
             auto wrong = wrong_declaration(kind.fields, "fields");
             if (!is_slug(kind.name))
                 wrong.insert(wrong.begin(),
                              {"name", "must be small letters, digits, _ and -, beginning with a letter"});
             if (wrong.empty()) return std::nullopt;
             return refusal{refusal::kind::invalid, wrong.front().field + " " + wrong.front().message,
                            std::move(wrong)};
         },
         .forget = [](pqxx::transaction_base& tx, std::int64_t id) { // those that were removed
             query(tx, "DELETE FROM customer_object WHERE kind_id = $1 AND customer_id IS NULL", id);
         }}};
    return made;
}

} // namespace switchboard::store
