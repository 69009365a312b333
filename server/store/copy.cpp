#include "store/copy.hpp"

#include "store/sql.hpp"

#include <boost/endian/conversion.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libpq-fe.h>

#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace switchboard::store {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view head{"PGCOPY\n\377\r\n\0" // signature
                                "\0\0\0\0\0\0\0\0",  // flags, length of the extension
                                19};
constexpr timestamp postgres_epoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

template <std::integral T>
void append_number(std::string& out, T value) {
    const auto big = boost::endian::native_to_big(value);
    out.append(reinterpret_cast<const char*>(&big), sizeof big);
}

void append_size(std::string& out, std::size_t size) {
    if (size > std::numeric_limits<std::int32_t>::max()) throw std::length_error{"a value of more than 2 GB"};
    append_number(out, static_cast<std::int32_t>(size));
}

void append_sized(std::string& out, std::string_view bytes) {
    append_size(out, bytes.size());
    out += bytes;
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

// libpqxx 6.4 has no binary COPY and keeps its PGconn to itself. An explicit instantiation may name what is private;
// with libpqxx 7, the connection can be made with libpq and given to it (seize_raw_connection).
template <auto Get>
struct raw_of {
    friend pg_conn* raw(const pqxx::connection_base& c) { return (c.*Get)(); }
};
pg_conn* raw(const pqxx::connection_base& c);
template struct raw_of<&pqxx::connection_base::raw_connection>;

/// As libpqxx tells them apart.
[[noreturn]] void raise(pg_conn* connection, const PGresult* result, const std::string& statement) {
    const std::string message = PQerrorMessage(connection);
    if (PQstatus(connection) != CONNECTION_OK) throw pqxx::broken_connection{message};
    const char* given = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string state = given == nullptr ? "" : given;
    if (state == "23505") throw pqxx::unique_violation{message, statement, state.c_str()};
    if (state == "40P01") throw pqxx::deadlock_detected{message};
    if (state == "40001") throw pqxx::serialization_failure{message};
    if (state.starts_with("40")) throw pqxx::transaction_rollback{message};
    throw pqxx::sql_error{message, statement, state.c_str()};
}

using result_ptr = std::unique_ptr<PGresult, decltype([](PGresult* r) { PQclear(r); })>;

std::vector<column_type> look_up_types(pqxx::transaction_base& tx, const char* table,
                                       const std::vector<const char*>& columns) {
    const auto rows =
        query(tx,
              "SELECT a.atttypid FROM unnest($2::text[]) WITH ORDINALITY AS k(name, n) JOIN pg_attribute a "
              "ON a.attrelid = $1::regclass AND a.attname = k.name AND NOT a.attisdropped ORDER BY k.n",
              table, array_literal(std::vector<std::string>{columns.begin(), columns.end()}));
    if (rows.size() != columns.size()) throw std::logic_error{fmt::format("{} lacks a column of a COPY", table)};
    std::vector<column_type> out;
    for (const auto& r : rows) out.push_back(column_type{get<unsigned>(r[0])});
    return out;
}

/// The types of a table's columns change with the program only, so they are asked for once.
std::vector<column_type> types_of(pqxx::transaction_base& tx, const char* table,
                                  const std::vector<const char*>& columns, const std::string& statement) {
    static std::mutex mutex;
    static std::map<std::string, std::vector<column_type>> known;
    const std::lock_guard lock{mutex};
    const auto it = known.find(statement);
    return it != known.end() ? it->second : known[statement] = look_up_types(tx, table, columns);
}

} // namespace

copy_rows::copy_rows(std::vector<column_type> columns)
    : columns_{std::move(columns)}, column_{columns_.size()}, bytes_{head} {}

void copy_rows::begin_row(std::size_t values) {
    if (column_ != columns_.size() || values != columns_.size())
        throw std::logic_error{fmt::format("{} values for {} columns", values, columns_.size())};
    column_ = 0;
    append_number(bytes_, static_cast<std::int16_t>(values));
}

void copy_rows::end() {
    append_number(bytes_, std::int16_t{-1});
}

column_type copy_rows::next() {
    return columns_[column_++];
}

void copy_rows::put(std::nullopt_t) {
    next();
    append_number(bytes_, std::int32_t{-1});
}

void copy_rows::put_number(std::int64_t value) {
    switch (const auto column = next()) {
    case column_type::int2:
        return append_narrow<std::int16_t>(bytes_, value);
    case column_type::int4:
        return append_narrow<std::int32_t>(bytes_, value);
    case column_type::int8:
        return append_narrow<std::int64_t>(bytes_, value);
    default:
        misfit(column, "a number");
    }
}

void copy_rows::put(bool value) {
    if (const auto column = next(); column != column_type::boolean) misfit(column, "a bool");
    append_sized(bytes_, std::string_view{value ? "\1" : "\0", 1});
}

void copy_rows::put(timestamp value) {
    if (const auto column = next(); column != column_type::timestamptz) misfit(column, "a time");
    append_number(bytes_, std::int32_t{8});
    append_number(bytes_, std::int64_t{(value - postgres_epoch) / 1us});
}

void copy_rows::put_text(std::string_view text) {
    switch (const auto column = next()) {
    case column_type::text:
    case column_type::json:
        return append_sized(bytes_, text);
    case column_type::jsonb:
        append_size(bytes_, text.size() + 1);
        bytes_ += '\1'; // the version of its format
        bytes_ += text;
        return;
    default:
        misfit(column, "text");
    }
}

void copy_rows::put(binary value) {
    if (const auto column = next(); column != column_type::bytea) misfit(column, "bytes");
    append_sized(bytes_, value.bytes);
}

void copy_rows::put(std::span<const std::string> list) {
    if (const auto column = next(); column != column_type::text_array) misfit(column, "a list of text");
    std::string items;
    append_number(items, std::int32_t{list.empty() ? 0 : 1}); // dimensions
    append_number(items, std::int32_t{0});                    // no element is null
    append_number(items, static_cast<std::int32_t>(column_type::text));
    if (!list.empty()) {
        append_size(items, list.size());
        append_number(items, std::int32_t{1}); // the first index
    }
    for (const auto& item : list) append_sized(items, item);
    append_sized(bytes_, items);
}

void copy_into::open() {
    const auto statement = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", table_, fmt::join(columns_, ","));
    auto types = types_of(tx_, table_, columns_, statement);
    auto* connection = raw(tx_.conn());
    const result_ptr answer{PQexec(connection, statement.c_str())};
    if (PQresultStatus(answer.get()) != PGRES_COPY_IN) raise(connection, answer.get(), statement);
    connection_ = connection;
    rows_.emplace(std::move(types));
}

void copy_into::flush() {
    auto& bytes = rows_->bytes();
    // A server that has found a mistake says so at the end; until then it reads on.
    if (PQputCopyData(connection_, bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw pqxx::broken_connection{PQerrorMessage(connection_)};
    bytes.clear();
}

void copy_into::done() {
    if (!rows_) return;
    rows_->end();
    flush();
    auto* connection = std::exchange(connection_, nullptr);
    rows_.reset();
    if (PQputCopyEnd(connection, nullptr) != 1) throw pqxx::broken_connection{PQerrorMessage(connection)};
    result_ptr answer{PQgetResult(connection)};
    while (const result_ptr more{PQgetResult(connection)}) continue; // none; libpq wants to be asked
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
        raise(connection, answer.get(), fmt::format("COPY {}", table_));
}

copy_into::~copy_into() {
    if (connection_ == nullptr) return; // else something was thrown between two rows
    PQputCopyEnd(connection_, "abandoned");
    while (const result_ptr rest{PQgetResult(connection_)}) continue;
}

} // namespace switchboard::store
