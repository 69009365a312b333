#pragma once

#include "store/pipeline.hpp"

#include <switchboard/model/time.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::store {

/// bytea.
struct binary {
    std::string_view bytes;
};

/// The types that columns may have here; the numbers are PostgreSQL's (pg_type.dat), the same everywhere.
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

/// The values of one column as an array in PostgreSQL's binary format. As text, a mail's bytes were escaped here and
/// read back one by one there: a third of what such a row costs both. A list of text goes as its literal, since arrays
/// of arrays do not come apart one by one.
class column_values {
public:
    explicit column_values(column_type type) : type_{type} {}

    // A value that does not fit its column: std::logic_error.
    void put(std::nullopt_t);
    void put(bool value);
    void put(timestamp value);
    void put(binary value);
    void put(std::string_view text);
    void put(const std::string& text) { put(std::string_view{text}); }
    void put(const char* text) { put(std::string_view{text}); }
    void put(const std::vector<std::string>& list);
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

    /// The array. Call once.
    std::string take();

private:
    void put_number(std::int64_t value);
    void append_sized(std::string_view bytes);

    column_type type_;
    std::int32_t count_ = 0;
    bool has_null_ = false;
    std::string values_;
};

/// Rows for one table, inserted by one statement.
class insert_rows {
public:
    /// `name` is the statement's, unique in the house.
    insert_rows(pipeline& to, const char* name, const char* table, std::initializer_list<const char*> columns)
        : to_{to}, name_{name}, table_{table}, names_{columns.begin(), columns.end()} {}

    template <class... V>
    void row(const V&... values) {
        if (columns_.empty()) open();
        check(sizeof...(V));
        std::size_t i = 0;
        (columns_[i++].put(values), ...);
    }

    /// Adds the statement, if there are rows.
    void done();

private:
    void open();
    void check(std::size_t values) const;

    pipeline& to_;
    const char* name_;
    const char* table_;
    std::vector<const char*> names_;
    const char* sql_ = nullptr;
    std::vector<column_values> columns_;
};

} // namespace switchboard::store
