#pragma once

#include <switchboard/model/time.hpp>

#include <pqxx/pqxx>

#include <charconv>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::store {

/// bytea on its way into a COPY.
struct binary {
    std::string_view bytes;
};

/// Appends values as COPY text. Whole runs are copied at once: libpqxx escapes byte by byte, which was a quarter of all
/// that intake does.
void append_copy_text(std::string& line, std::string_view text);
/// bytea: its escape format where that is shorter (text, most mail), else hex.
void append_copy_bytes(std::string& line, std::string_view bytes);

/// A field of COPY text as it was.
std::string without_copy_escapes(std::string_view field);

/// A line of COPY that is escaped already.
struct copy_line {
    std::string text;
};

} // namespace switchboard::store

namespace pqxx::internal {
template <>
inline std::string
TypedCopyEscaper::operator()<switchboard::store::copy_line>(const switchboard::store::copy_line* l) const {
    return l->text;
}
} // namespace pqxx::internal

namespace switchboard::store {

/// COPY into one table. Opened by its first row, so that a table without rows costs nothing.
class copy_into {
public:
    copy_into(pqxx::transaction_base& tx, const char* table, std::initializer_list<const char*> columns)
        : tx_{tx}, table_{table}, columns_{columns.begin(), columns.end()} {}

    /// Numbers, bools, times, text, `binary`, and optionals of them.
    template <class... V>
    void row(const V&... values) {
        if (!stream_) stream_.emplace(tx_, table_, columns_);
        line_.text.clear();
        (put(values), ...);
        line_.text.pop_back(); // the last tab
        *stream_ << std::tuple<const copy_line&>{line_};
    }

    /// The rows are there; throws what the database says of them.
    void done() {
        if (stream_) stream_->complete();
    }

private:
    template <class T>
    void put(const T& value) {
        append(value);
        line_.text += '\t';
    }
    template <class T>
    void append(const std::optional<T>& value) {
        if (value)
            append(*value);
        else
            line_.text += "\\N";
    }
    void append(std::nullopt_t) { line_.text += "\\N"; }
    void append(bool value) { line_.text += value ? 't' : 'f'; }
    template <std::integral T>
    void append(T value) {
        char digits[24];
        line_.text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void append(timestamp value);
    void append(std::string_view text) { append_copy_text(line_.text, text); }
    void append(const std::string& text) { append_copy_text(line_.text, text); }
    void append(const char* text) { append_copy_text(line_.text, text); }
    void append(binary value) { append_copy_bytes(line_.text, value.bytes); }

    pqxx::transaction_base& tx_;
    std::string table_;
    std::vector<std::string> columns_;
    std::optional<pqxx::stream_to> stream_;
    copy_line line_;
};

} // namespace switchboard::store
