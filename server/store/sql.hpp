#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace switchboard::store {

/// One value on its way to PostgreSQL in text form; empty = NULL.
struct sql_value {
    std::optional<std::string> text;

    sql_value(std::nullopt_t) {}
    sql_value(std::nullptr_t) = delete;
    sql_value(std::string value) : text{std::move(value)} {}
    sql_value(std::string_view value) : text{value} {}
    sql_value(const char* value) : text{value} {}
    sql_value(bool value) : text{value ? "t" : "f"} {}
    sql_value(timestamp value);
    template <class N>
        requires std::is_integral_v<N> && (!std::is_same_v<N, bool>)
    sql_value(N value) : text{std::to_string(value)} {}
    template <class T>
    sql_value(const std::optional<T>& value) {
        if (value) text = std::move(sql_value{*value}.text);
    }
};

/// bytea in text form.
std::string bytes_literal(std::string_view bytes);
std::string bytes_from(const pqxx::field& f);

/// Array literals for parameters of type text[], bigint[] and so on: `= ANY($1::text[])`, `unnest($1::bigint[])`.
std::string array_literal(const std::vector<std::string>& items);
std::string array_literal(const std::vector<std::string_view>& items);
std::string array_literal(const std::vector<std::int64_t>& items);
std::string array_literal(const std::vector<std::optional<std::string>>& items);
std::string array_literal(const std::vector<std::optional<std::int64_t>>& items);

/// A one-dimensional array from its text form; NULL elements become "".
std::vector<std::string> parse_text_array(std::string_view literal);
std::vector<std::int64_t> parse_id_array(std::string_view literal);

/// A field that COPY has sent as text, as it was.
std::string without_copy_escapes(std::string_view field);

/// As PostgreSQL reads it: "2026-11-21 18:40:18.250000+00".
void append_time(std::string& out, timestamp t);

/// timestamptz as a session in UTC prints it ("2026-11-21 18:40:18.25+00"; "infinity" is the far end).
timestamp time_from(std::string_view text);

/// A field: text, number, bool, time, a name of an enumeration, a list of texts or ids, or an optional of these for
/// what may be NULL.
template <class T>
T get(const pqxx::field& f);

namespace detail {
template <class T>
struct field_reader {
    static T read(const pqxx::field& f) { return f.as<T>(); }
};
template <>
struct field_reader<std::string> {
    static std::string read(const pqxx::field& f) { return {f.c_str(), f.size()}; }
};
template <>
struct field_reader<timestamp> {
    static timestamp read(const pqxx::field& f) { return time_from({f.c_str(), f.size()}); }
};
template <>
struct field_reader<std::vector<std::string>> {
    static std::vector<std::string> read(const pqxx::field& f) { return parse_text_array({f.c_str(), f.size()}); }
};
template <>
struct field_reader<std::vector<std::int64_t>> {
    static std::vector<std::int64_t> read(const pqxx::field& f) { return parse_id_array({f.c_str(), f.size()}); }
};
template <enumeration E>
struct field_reader<E> {
    static E read(const pqxx::field& f) {
        if (const auto value = named_value<E>({f.c_str(), f.size()})) return *value;
        throw std::runtime_error{std::string{"there is no such "} + f.name() + ": " + f.c_str()};
    }
};
template <class T>
struct field_reader<std::optional<T>> {
    static std::optional<T> read(const pqxx::field& f) {
        if (f.is_null()) return std::nullopt;
        return field_reader<T>::read(f);
    }
};
} // namespace detail

template <class T>
T get(const pqxx::field& f) {
    return detail::field_reader<T>::read(f);
}

/// A column of a result that may have many rows: looked up by its name once, where row["name"] looks for it each time.
template <class T>
class column {
public:
    column(const pqxx::result& rows, const char* name) : number_{rows.column_number(name)} {}
    T operator()(const pqxx::row& row) const { return get<T>(row[number_]); }

private:
    pqxx::row::size_type number_;
};

/// The answer to a question that has one, as count(*) and RETURNING id of one row do.
template <class T>
T value_of(const pqxx::result& answer) {
    if (answer.size() != 1 || answer.columns() != 1) throw std::logic_error{"one value was asked for"};
    return get<T>(answer.front().front());
}

/// The same of any number of rows.
template <class T>
std::vector<T> values_of(const pqxx::result& answers) {
    if (answers.columns() != 1) throw std::logic_error{"one column was asked for"};
    std::vector<T> out;
    for (const auto& row : answers) out.push_back(get<T>(row.front()));
    return out;
}

/// A described struct from the columns that are called as its members are.
template <described T>
T read(const pqxx::row& row) {
    T out;
    with_members<T>([&]<class... M> {
        ((out.*M::pointer = get<std::remove_cvref_t<decltype(out.*M::pointer)>>(row[M::name])), ...);
    });
    return out;
}

/// All of them; the columns are looked up once.
template <described T>
std::vector<T> read_all(const pqxx::result& rows) {
    std::vector<T> out;
    with_members<T>([&]<class... M> {
        const pqxx::row::size_type numbers[]{rows.column_number(M::name)...};
        for (const auto& row : rows) {
            T& one = out.emplace_back();
            const auto* number = numbers;
            ((one.*M::pointer = get<std::remove_cvref_t<decltype(one.*M::pointer)>>(row[*number++])), ...);
        }
    });
    return out;
}

} // namespace switchboard::store

namespace pqxx {
template <>
struct string_traits<switchboard::store::sql_value> {
    static constexpr const char* name() noexcept { return "sql_value"; }
    static constexpr bool has_null() noexcept { return true; }
    static bool is_null(const switchboard::store::sql_value& v) { return !v.text; }
    static std::string to_string(const switchboard::store::sql_value& v) { return *v.text; }
};
} // namespace pqxx

namespace switchboard::store {

/// Runs a statement with parameters $1, $2, …: strings, views, numbers, bools, times, array_literal(…), and optionals.
template <class... A>
pqxx::result query(pqxx::transaction_base& tx, const std::string& sql, const A&... args) {
    return tx.exec_params(sql, sql_value{args}...);
}

/// A statement that each connection parses and plans once. Names are unique in the house.
struct statement {
    const char* name;
    const char* sql;
};

template <class... A>
pqxx::result query(pqxx::transaction_base& tx, const statement& s, const A&... args) {
    tx.conn().prepare(s.name, s.sql); // a repeat with the same text costs a look-up
    return tx.exec_prepared(s.name, sql_value{args}...);
}

/// For transactions that look rows up by key: their statements' plans do not depend on the values, so they are made
/// once (until the connection's pool has them made anew).
inline constexpr statement keep_plans{"keep_plans", R"(
    SELECT set_config('plan_cache_mode', 'force_generic_plan', true))"};

} // namespace switchboard::store
