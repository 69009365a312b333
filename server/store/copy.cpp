#include "store/copy.hpp"

#include "store/sql.hpp"

#include <algorithm>
#include <array>

namespace switchboard::store {
namespace {

/// What COPY text writes for a byte after a backslash; 0 = the byte itself.
constexpr auto copy_escapes = [] {
    std::array<char, 256> table{};
    table['\\'] = '\\';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    return table;
}();

/// Bytes that bytea's escape format cannot hold as they are: NUL, what is not ASCII, and the backslash.
bool is_octal(char c) {
    return c <= 0 || c == '\\';
}

} // namespace

void append_copy_text(std::string& line, std::string_view text) {
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char escape = copy_escapes[static_cast<unsigned char>(text[i])];
        if (escape == 0) continue;
        line.append(text, run, i - run);
        line += '\\';
        line += escape;
        run = i + 1;
    }
    line.append(text, run);
}

std::string without_copy_escapes(std::string_view field) {
    std::string out;
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] != '\\' || i + 1 == field.size()) {
            out += field[i];
            continue;
        }
        const char c = field[++i];
        constexpr std::string_view letters = "bfnrtv", bytes = "\b\f\n\r\t\v";
        const auto at = letters.find(c);
        out += at == std::string_view::npos ? c : bytes[at];
    }
    return out;
}

void append_copy_bytes(std::string& line, std::string_view bytes) {
    const auto octal = static_cast<std::size_t>(std::ranges::count_if(bytes, is_octal));
    if (octal * 4 > bytes.size()) {
        line += '\\'; // COPY takes one of the two
        line += bytes_literal(bytes);
        return;
    }
    std::size_t run = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (!is_octal(bytes[i])) continue;
        append_copy_text(line, bytes.substr(run, i - run));
        const auto b = static_cast<unsigned char>(bytes[i]);
        line += "\\\\";
        line += static_cast<char>('0' + (b >> 6));
        line += static_cast<char>('0' + (b >> 3 & 7));
        line += static_cast<char>('0' + (b & 7));
        run = i + 1;
    }
    append_copy_text(line, bytes.substr(run));
}

void copy_into::append(timestamp value) {
    append_time(line_.text, value);
}

} // namespace switchboard::store
