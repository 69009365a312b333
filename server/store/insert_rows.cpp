#include "store/insert_rows.hpp"

#include <boost/endian/conversion.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>

namespace switchboard::store {
namespace {

using namespace std::chrono_literals;

constexpr timestamp postgres_epoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

template <std::integral T>
void append_number(std::string& out, T value) {
    const auto big = boost::endian::native_to_big(value);
    out.append(reinterpret_cast<const char*>(&big), sizeof big);
}

std::int32_t size_of(std::size_t size) {
    if (size > std::numeric_limits<std::int32_t>::max()) throw std::length_error{"a value of more than 2 GB"};
    return static_cast<std::int32_t>(size);
}

template <std::integral T>
void append_narrow(std::string& out, std::int64_t value) {
    if (!std::in_range<T>(value)) throw std::logic_error{fmt::format("{} is too large for its column", value)};
    append_number(out, std::int32_t{sizeof(T)});
    append_number(out, static_cast<T>(value));
}

[[noreturn]] void misfit(column_type column, const char* value) {
    throw std::logic_error{
        fmt::format("{} cannot be written to a column of type {}", value, std::to_underlying(column))};
}

std::string_view name_of(column_type t) {
    switch (t) {
    case column_type::boolean:
        return "boolean";
    case column_type::bytea:
        return "bytea";
    case column_type::int8:
        return "bigint";
    case column_type::int2:
        return "smallint";
    case column_type::int4:
        return "integer";
    case column_type::text:
    case column_type::text_array:
        return "text";
    case column_type::json:
        return "json";
    case column_type::timestamptz:
        return "timestamptz";
    case column_type::jsonb:
        return "jsonb";
    }
    throw std::logic_error{fmt::format("columns of type {} are not known here", std::to_underlying(t))};
}

/// A statement, and the types of its columns.
struct insertion {
    std::string sql;
    std::vector<column_type> types;
};

insertion make(pqxx::connection_base& connection, const char* table, const std::vector<const char*>& names) {
    insertion out;
    pipeline ask{connection};
    static constexpr statement types{"column_types", R"(
        SELECT a.atttypid
        FROM unnest($2::text[]) WITH ORDINALITY AS k(name, n)
        JOIN pg_attribute a ON a.attrelid = $1::regclass AND a.attname = k.name AND NOT a.attisdropped
        ORDER BY k.n)"};
    ask.ask(
        types,
        [&out](const pqxx::result& rows) {
            for (const auto type : values_of<unsigned>(rows)) out.types.push_back(column_type{type});
        },
        table, array_literal(std::vector<std::string>{names.begin(), names.end()}));
    ask.run();
    if (out.types.size() != names.size()) throw std::logic_error{fmt::format("{} lacks a column", table)};
    std::vector<std::string> values; // in the list of a SELECT they come apart side by side, with no table in between
    for (std::size_t i = 0; i < names.size(); ++i)
        values.push_back(fmt::format("unnest(${}::{}[]){}", i + 1, name_of(out.types[i]),
                                     out.types[i] == column_type::text_array ? "::text[]" : ""));
    out.sql = fmt::format("INSERT INTO {} ({}) SELECT {}", table, fmt::join(names, ", "), fmt::join(values, ", "));
    return out;
}

/// The types of a table's columns change with the program only, so they are asked for once.
const insertion& made(pqxx::connection_base& connection, const char* name, const char* table,
                      const std::vector<const char*>& names) {
    static std::mutex mutex;
    static std::map<std::string_view, insertion> known;
    const std::lock_guard lock{mutex};
    const auto it = known.find(name);
    return it != known.end() ? it->second : known.emplace(name, make(connection, table, names)).first->second;
}

} // namespace

void column_values::append_sized(std::string_view bytes) {
    append_number(values_, size_of(bytes.size()));
    values_ += bytes;
    ++count_;
}

void column_values::put(std::nullopt_t) {
    append_number(values_, std::int32_t{-1});
    has_null_ = true;
    ++count_;
}

void column_values::put_number(std::int64_t value) {
    switch (type_) {
    case column_type::int2:
        append_narrow<std::int16_t>(values_, value);
        break;
    case column_type::int4:
        append_narrow<std::int32_t>(values_, value);
        break;
    case column_type::int8:
        append_narrow<std::int64_t>(values_, value);
        break;
    default:
        misfit(type_, "a number");
    }
    ++count_;
}

void column_values::put(bool value) {
    if (type_ != column_type::boolean) misfit(type_, "a bool");
    append_sized(std::string_view{value ? "\1" : "\0", 1});
}

void column_values::put(timestamp value) {
    if (type_ != column_type::timestamptz) misfit(type_, "a time");
    append_narrow<std::int64_t>(values_, (value - postgres_epoch) / 1us);
    ++count_;
}

void column_values::put(std::string_view text) {
    switch (type_) {
    case column_type::text:
    case column_type::json:
        return append_sized(text);
    case column_type::jsonb:
        append_number(values_, size_of(text.size() + 1));
        values_ += '\1'; // the version of its format
        values_ += text;
        ++count_;
        return;
    default:
        misfit(type_, "text");
    }
}

void column_values::put(binary value) {
    if (type_ != column_type::bytea) misfit(type_, "bytes");
    append_sized(value.bytes);
}

void column_values::put(const std::vector<std::string>& list) {
    if (type_ != column_type::text_array) misfit(type_, "a list of text");
    append_sized(array_literal(list));
}

std::string column_values::take() {
    std::string out;
    append_number(out, std::int32_t{1}); // dimensions
    append_number(out, std::int32_t{has_null_ ? 1 : 0});
    append_number(out, std::to_underlying(type_ == column_type::text_array ? column_type::text : type_));
    append_number(out, count_);
    append_number(out, std::int32_t{1}); // the first index
    out += values_;
    return out;
}

void insert_rows::open() {
    const auto& known = made(to_.connection(), name_, table_, names_);
    sql_ = known.sql.c_str();
    for (const auto type : known.types) columns_.emplace_back(type);
}

void insert_rows::check(std::size_t values) const {
    if (values != columns_.size())
        throw std::logic_error{fmt::format("{} values for {} columns", values, columns_.size())};
}

void insert_rows::done() {
    if (columns_.empty()) return;
    std::vector<parameter> parameters;
    parameters.reserve(columns_.size());
    for (auto& c : columns_) parameters.push_back({c.take(), true});
    to_.tell(statement{name_, sql_}, std::move(parameters));
    columns_.clear();
}

} // namespace switchboard::store
