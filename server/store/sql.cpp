#include "store/sql.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <stdexcept>

namespace switchboard::store {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

void append_element(std::string& out, std::string_view item) {
    out += '"';
    for (const char c : item) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}
void append_element(std::string& out, std::int64_t item) {
    out += std::to_string(item);
}
template <class T>
void append_element(std::string& out, const std::optional<T>& item) {
    if (item)
        append_element(out, *item);
    else
        out += "NULL";
}

template <class T>
std::string literal(const std::vector<T>& items) {
    std::string out = "{";
    for (const auto& item : items) {
        if (out.size() > 1) out += ',';
        append_element(out, item);
    }
    out += '}';
    return out;
}

int number(std::string_view text, std::size_t at, std::size_t length) {
    int value = 0;
    const auto end = text.data() + at + length;
    if (at + length > text.size() || std::from_chars(text.data() + at, end, value).ptr != end)
        throw std::invalid_argument{fmt::format("not a time: '{}'", text)};
    return value;
}

} // namespace

sql_value::sql_value(timestamp value) : text{std::string{}} {
    append_time(*text, value);
}

void append_time(std::string& out, timestamp t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{t - day};
    const auto year = static_cast<int>(date.year());
    if (year < 1 || year > 9999) throw std::invalid_argument{"a time of another age"};
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}+00", year,
                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                   time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::string bytes_literal(std::string_view bytes) {
    std::string out(2 + bytes.size() * 2, '\\');
    auto* p = out.data() + 1;
    *p++ = 'x';
    for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        *p++ = hex_digits[b >> 4];
        *p++ = hex_digits[b & 15];
    }
    return out;
}

std::string bytes_from(const pqxx::field& f) {
    const auto nibble = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    const std::string_view hex{f.c_str(), f.size()};
    std::string out;
    out.reserve(hex.size() / 2);
    for (std::size_t i = 2; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(nibble(hex[i]) << 4 | nibble(hex[i + 1]));
    return out;
}

std::string array_literal(const std::vector<std::string>& items) {
    return literal(items);
}
std::string array_literal(const std::vector<std::string_view>& items) {
    return literal(items);
}
std::string array_literal(const std::vector<std::int64_t>& items) {
    return literal(items);
}
std::string array_literal(const std::vector<std::optional<std::string>>& items) {
    return literal(items);
}
std::string array_literal(const std::vector<std::optional<std::int64_t>>& items) {
    return literal(items);
}

std::vector<std::string> parse_text_array(std::string_view literal) {
    std::vector<std::string> out;
    if (literal.size() < 2 || literal.front() != '{' || literal.back() != '}')
        throw std::invalid_argument{fmt::format("not an array: '{}'", literal)};
    literal = literal.substr(1, literal.size() - 2);
    for (std::size_t i = 0; i < literal.size(); ++i) {
        std::string item;
        if (literal[i] == '"') {
            for (++i; i < literal.size() && literal[i] != '"'; ++i) {
                if (literal[i] == '\\') ++i;
                item += literal[i];
            }
            ++i;
        } else {
            while (i < literal.size() && literal[i] != ',') item += literal[i++];
            if (item == "NULL") item.clear();
        }
        out.push_back(std::move(item));
    }
    return out;
}

std::vector<std::int64_t> parse_id_array(std::string_view literal) {
    std::vector<std::int64_t> out;
    for (const auto& item : parse_text_array(literal)) out.push_back(std::stoll(item));
    return out;
}

timestamp time_from(std::string_view text) {
    using namespace std::chrono;
    if (text == "infinity") return timestamp::max();
    if (text == "-infinity") return timestamp::min();
    const auto day = year{number(text, 0, 4)} / number(text, 5, 2) / number(text, 8, 2);
    auto t = timestamp{sys_days{day}} + hours{number(text, 11, 2)} + minutes{number(text, 14, 2)} +
             seconds{number(text, 17, 2)};
    if (text.size() > 20 && text[19] == '.') {
        const auto digits = text.find('+', 20) - 20;
        auto fraction = number(text, 20, digits);
        for (auto i = digits; i < 6; ++i) fraction *= 10;
        t += microseconds{fraction};
    }
    return t;
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

} // namespace switchboard::store
