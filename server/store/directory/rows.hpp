#pragma once

#include "store/sql.hpp"

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/viewer.hpp>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the configuration's nouns share: reading rows, telling refusals apart, the event of a change.
namespace switchboard::store {

/// Appends config.changed {kind, id}.
void config_changed(pqxx::transaction_base& tx, std::string_view kind, std::int64_t id,
                    std::optional<std::int64_t> actor);

/// The column of a constraint that was broken, from PostgreSQL's message; empty if it does not say.
std::string column_of(const pqxx::sql_error& e, std::string_view ending);

/// Runs fn, which returns std::expected<T, refusal>; what a constraint refuses becomes a refusal that names the
/// field.
template <class T, class F>
std::expected<T, refusal> told(F&& fn) {
    try {
        return fn();
    } catch (const pqxx::unique_violation& e) {
        return std::unexpected{refusal::conflict("is taken already", column_of(e, "_key"))};
    } catch (const pqxx::foreign_key_violation& e) {
        return std::unexpected{refusal::invalid(column_of(e, "_fkey"), "does not exist")};
    }
}

/// A name of a row of this table that people would take for this one: it differs in case or blanks alone.
std::optional<std::string> name_like(pqxx::transaction_base& tx, const std::string& table, const std::string& name,
                                     std::int64_t but);

/// The refusal where there is one; `but` is the row itself.
inline std::optional<refusal> look_alike(pqxx::transaction_base& tx, const std::string& table,
                                         const std::optional<std::string>& name, std::int64_t but = 0) {
    if (!name) return std::nullopt;
    const auto like = name_like(tx, table, *name, but);
    if (!like) return std::nullopt;
    return refusal::conflict("is taken already: there is \"" + *like + "\"", "name");
}

/// A list in order of ids: `select` reads everything but WHERE, ORDER and LIMIT; $1 and $2 are place and limit.
template <class T, class F>
page<T> page_of(const pqxx::result& rows, std::int64_t limit, F read) {
    page<T> out;
    for (const auto& row : rows) {
        if (std::ssize(out.items) == limit) { // one more was asked for, to know whether there is more
            out.next = std::to_string(out.items.back().id);
            break;
        }
        out.items.push_back(read(row));
    }
    return out;
}

} // namespace switchboard::store
