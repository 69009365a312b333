#include "store/noun_table.hpp"

#include <switchboard/util/form.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace switchboard::store {
namespace {

using kind = datum::kind;

constexpr int id_bits = 40; // of a cursor; a position has the rest

const datum& without_null(const datum& schema) {
    const auto& either = schema["anyOf"].items;
    return either.empty() ? schema : either.front();
}

bool may_be_null(const datum& schema) {
    return !schema["anyOf"].items.empty();
}

sql_value to_sql(const datum& d) {
    switch (d.is) {
    case kind::absent:
    case kind::null:
        return std::nullopt;
    case kind::boolean:
        return d.number != 0;
    case kind::integer:
        return d.number;
    case kind::real:
        return fmt::format("{}", d.real);
    case kind::time:
        return d.time();
    case kind::text:
    case kind::secret:
        return d.text;
    case kind::list:
    case kind::object:
        break;
    }
    return to_json(d);
}

datum from_sql(const pqxx::field& f, const datum& schema) {
    if (f.is_null()) return nullptr;
    const auto& about = without_null(schema);
    const auto& type = about["type"].text;
    if (type == "boolean") return get<bool>(f);
    if (type == "integer") return get<std::int64_t>(f);
    if (type == "number") return get<double>(f);
    if (type != "string") return from_own_json(f.c_str());
    if (about["format"] == datum{"date-time"}) return get<timestamp>(f);
    if (about["writeOnly"].exists()) return datum::secret(get<std::string>(f));
    return get<std::string>(f);
}

/// Columns and what is written to them.
struct assignments {
    std::vector<std::string> names, places; // "$1"
    std::vector<sql_value> values;

    void add(std::string name, sql_value value) {
        names.push_back(std::move(name));
        values.push_back(std::move(value));
        places.push_back(fmt::format("${}", values.size()));
    }
};

assignments written(const datum::members_type& members, const datum& values, const more_columns& more) {
    assignments out;
    for (const auto& [member, about] : members)
        if (!about["readOnly"].exists()) out.add(member, to_sql(values[member]));
    for (const auto& [name, value] : more) out.add(name, value);
    return out;
}

pqxx::result execute(pqxx::transaction_base& tx, const std::string& sql, const std::vector<sql_value>& values) {
    return tx.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
}

using references = std::map<std::string, std::map<std::int64_t, std::string>>; // table -> id -> field

void find_references(const datum& value, const datum& schema, const std::string& field, references& found) {
    const auto& about = without_null(schema);
    if (value.is == kind::integer && about["x-refers-to"].exists())
        found[about["x-refers-to"].text].emplace(value.number, field);
    for (std::size_t i = 0; i < value.items.size(); ++i)
        find_references(value.items[i], about["items"], fmt::format("{}[{}]", field, i), found);
    for (const auto& [name, member] : value.members)
        find_references(member, about["properties"][name], field + "." + name, found);
}

/// Whether values of this schema can refer to that table.
bool mentions(const datum& schema, const std::string& table) {
    const auto& about = without_null(schema);
    if (about["x-refers-to"] == datum{table}) return true;
    if (about["items"].exists() && mentions(about["items"], table)) return true;
    return std::ranges::any_of(about["properties"].members, [&](const auto& m) { return mentions(m.second, table); });
}

bool is_json(const datum& schema) {
    const auto& type = without_null(schema)["type"].text;
    return type == "array" || type == "object";
}

/// The texts that a CHECK of this one column compares with, sorted.
std::vector<std::string> checked_names(pqxx::transaction_base& tx, const std::string& table,
                                       const std::string& column) {
    const auto rows = query(tx, R"(
        SELECT DISTINCT name[1] AS name
        FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), $$'(\w+)'::text$$, 'g') AS name
        WHERE contype = 'c' AND conrelid = $1::regclass
          AND conkey = ARRAY(SELECT attnum FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2))",
                            table, column);
    std::vector<std::string> out;
    for (const auto& row : rows) out.push_back(get<std::string>(row["name"]));
    std::ranges::sort(out);
    return out;
}

} // namespace

noun_table::noun_table(const datum& schema, noun_rules special)
    : rules{std::move(special)}, noun{schema["title"].text}, table{rules.table.empty() ? noun : rules.table},
      schema_{schema}, members_{schema["properties"].members} {
    std::vector<std::string> names;
    for (const auto& [member, about] : members_) names.push_back(member);
    columns_ = fmt::format("{}", fmt::join(names, ", "));
    const bool by_id = rules.order.empty();
    const auto behind = by_id ? "id > $1"
                              : fmt::format("({0}, id) > ($1::bigint >> {1}, $1::bigint & ((1::bigint << {1}) - 1))",
                                            rules.order, id_bits);
    list_ = fmt::format(R"(
        SELECT {}
        FROM {}
        WHERE {}
        ORDER BY {}
        LIMIT $2)",
                        columns_, table, behind, by_id ? "id" : rules.order + ", id");
}

std::int64_t noun_table::last_place(pqxx::transaction_base& tx) const {
    const auto last =
        value_of<std::int64_t>(query(tx, fmt::format("SELECT coalesce(max({}), 0) + 10 FROM {}", rules.order, table)));
    const auto member = std::ranges::find(members_, rules.order, &datum::members_type::value_type::first);
    return std::min(last, without_null(member->second)["maximum"].number);
}

std::int64_t noun_table::cursor_behind(const datum& row) const {
    const auto id = row["id"].number;
    return rules.order.empty() ? id : (row[rules.order].number << id_bits) + id;
}

std::vector<datum> noun_table::list(pqxx::transaction_base& tx, std::int64_t after, std::int64_t limit) const {
    std::vector<datum> out;
    for (const auto& row : query(tx, list_, after, limit)) out.push_back(row_of(row));
    return out;
}

datum noun_table::find(pqxx::transaction_base& tx, std::int64_t id, bool lock) const {
    const auto rows = query(
        tx, fmt::format("SELECT {} FROM {} WHERE id = $1 {}", columns_, table, lock ? "FOR NO KEY UPDATE" : ""), id);
    return rows.empty() ? datum{} : row_of(rows[0]);
}

datum noun_table::insert(pqxx::transaction_base& tx, const datum& values, const more_columns& more) const {
    const auto all = written(members_, values, more);
    return row_of(execute(tx,
                          fmt::format("INSERT INTO {} ({}) VALUES ({}) RETURNING {}", table, fmt::join(all.names, ", "),
                                      fmt::join(all.places, ", "), columns_),
                          all.values)[0]);
}

datum noun_table::update(pqxx::transaction_base& tx, std::int64_t id, const datum& values,
                         const more_columns& more) const {
    auto all = written(members_, values, more);
    std::string sets;
    for (std::size_t i = 0; i < all.names.size(); ++i) sets += fmt::format("{} = {}, ", all.names[i], all.places[i]);
    all.values.emplace_back(id);
    return row_of(execute(tx,
                          fmt::format("UPDATE {} SET {}version = version + 1 WHERE id = ${} RETURNING {}", table, sets,
                                      all.values.size(), columns_),
                          all.values)[0]);
}

bool noun_table::remove(pqxx::transaction_base& tx, std::int64_t id) const {
    if (rules.forget) rules.forget(tx, id);
    return query(tx, fmt::format("DELETE FROM {} WHERE id = $1", table), id).affected_rows() > 0;
}

std::optional<refusal> noun_table::dangling(pqxx::transaction_base& tx, const datum& values) const {
    references found;
    for (const auto& [member, schema] : members_) find_references(values[member], schema, member, found);
    for (const auto& [referred, places] : found) {
        std::vector<std::int64_t> ids;
        for (const auto& [id, field] : places) ids.push_back(id);
        const auto none = query(tx,
                                fmt::format(R"(
            SELECT wanted
            FROM unnest($1::bigint[]) AS wanted
            WHERE NOT EXISTS (SELECT FROM {} WHERE id = wanted) LIMIT 1)",
                                            referred),
                                array_literal(ids));
        if (!none.empty())
            return refusal::invalid(places.at(get<std::int64_t>(none[0]["wanted"])), "names no " + referred);
    }
    return std::nullopt;
}

std::vector<std::string> noun_table::sets() const {
    std::vector<std::string> out;
    for (const auto& [member, schema] : members_) {
        const auto& items = without_null(schema)["items"];
        if (items["x-refers-to"].exists() || items["enum"].exists()) out.push_back(member);
    }
    return out;
}

bool noun_table::refers_to(pqxx::transaction_base& tx, const std::string& table, std::int64_t id) const {
    const auto may = [&](const auto& member) { return is_json(member.second) && mentions(member.second, table); };
    if (std::ranges::none_of(members_, may)) return false;
    return std::ranges::any_of(list(tx, 0, INT64_MAX), [&](const datum& row) {
        references found;
        for (const auto& [member, schema] : members_)
            if (is_json(schema)) find_references(row[member], schema, member, found);
        return found[table].contains(id);
    });
}

datum noun_table::row_of(const pqxx::row& row) const {
    auto out = datum::object();
    for (const auto& [member, schema] : members_) out.members.emplace_back(member, from_sql(row[member], schema));
    return out;
}

std::string noun_table::differences(pqxx::transaction_base& tx) const {
    std::string out;
    for (const auto& [member, schema] : members_) {
        const auto wrong = [&](const std::string& what) { out += fmt::format("\n  {}.{}: {}", table, member, what); };
        const auto found = query(tx, R"(
            SELECT attnotnull FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND NOT attisdropped)",
                                 table, member);
        if (found.empty()) {
            wrong("there is no such column");
            continue;
        }
        if (get<bool>(found[0]["attnotnull"]) == may_be_null(schema)) wrong("may be null only here or only there");
        std::vector<std::string> names;
        for (const auto& one : without_null(schema)["enum"].items) names.push_back(one.text);
        if (names.empty()) continue;
        std::ranges::sort(names);
        if (const auto checked = checked_names(tx, table, member); checked != names)
            wrong(fmt::format("is one of {}, but the CHECK says {}", fmt::join(names, ", "), fmt::join(checked, ", ")));
    }
    return out;
}

} // namespace switchboard::store
