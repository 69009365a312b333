#pragma once

#include <switchboard/model/time.hpp>

#include <pqxx/pqxx>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace switchboard::store {

/// bytea on its way into a COPY.
struct binary {
    std::string_view bytes;
};

/// The types that columns of a COPY may have here; the numbers are PostgreSQL's (pg_type.dat), the same everywhere.
enum class column_type : unsigned {
    boolean = 16,
    bytea = 17,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    text = 25,
    json = 114,
    text_array = 1009,
    timestamptz = 1184,
    jsonb = 3802
};

/// Rows in COPY's binary format (PostgreSQL manual, COPY, "Binary Format"). As text, a mail's bytes were escaped here
/// and read back one by one there: a third of what such a row costs both.
class copy_rows {
public:
    explicit copy_rows(std::vector<column_type> columns);

    /// Numbers, bools, times, text, lists of text, `binary`, and optionals of them, as the columns want them.
    /// Throws std::logic_error when a value does not fit its column.
    template <class... V>
    void row(const V&... values) {
        begin_row(sizeof...(V));
        (put(values), ...);
    }
    void end();

    /// What has been written so far; whoever sends it may clear it.
    std::string& bytes() { return bytes_; }

private:
    void begin_row(std::size_t values);
    column_type next();
    void put_number(std::int64_t value);
    void put_text(std::string_view text);
    void put(std::nullopt_t);
    void put(bool value);
    void put(timestamp value);
    void put(binary value);
    void put(std::span<const std::string> list);
    void put(const std::vector<std::string>& list) { put(std::span{list}); }
    void put(std::string_view text) { put_text(text); }
    void put(const std::string& text) { put_text(text); }
    void put(const char* text) { put_text(text); }
    template <std::integral T>
    void put(T value) {
        put_number(static_cast<std::int64_t>(value));
    }
    template <class T>
    void put(const std::optional<T>& value) {
        if (value)
            put(*value);
        else
            put(std::nullopt);
    }

    std::vector<column_type> columns_;
    std::size_t column_ = 0;
    std::string bytes_;
};

/// COPY into one table. Opened by its first row, so that a table without rows costs nothing.
class copy_into {
public:
    copy_into(pqxx::transaction_base& tx, const char* table, std::initializer_list<const char*> columns)
        : tx_{tx}, table_{table}, columns_{columns.begin(), columns.end()} {}
    ~copy_into();
    copy_into(const copy_into&) = delete;
    copy_into& operator=(const copy_into&) = delete;

    template <class... V>
    void row(const V&... values) {
        if (!rows_) open();
        rows_->row(values...);
        if (rows_->bytes().size() >= flush_bytes) flush();
    }

    /// The rows are there; throws what the database says of them, as libpqxx would.
    void done();

private:
    static constexpr std::size_t flush_bytes = 256 * 1024;

    void open();
    void flush();

    pqxx::transaction_base& tx_;
    const char* table_;
    std::vector<const char*> columns_;
    std::optional<copy_rows> rows_;
    pg_conn* connection_ = nullptr; // while the server reads rows
};

} // namespace switchboard::store
