#include "api/wire/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace switchboard::api {

void json_writer::separate() {
    if (comma_) out_ += ',';
    comma_ = true;
}

void json_writer::quote(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out_ += '\\';
            out_ += c;
        } else if (c == '\n') {
            out_ += "\\n";
        } else if (code < 0x20) {
            out_ += "\\u00";
            out_ += hex[code >> 4];
            out_ += hex[code & 15];
        } else {
            out_ += c;
        }
    }
    out_ += '"';
}

void json_writer::open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
}

void json_writer::close(char bracket) {
    out_ += bracket;
    comma_ = true;
}

void json_writer::key(std::string_view name) {
    separate();
    quote(name);
    out_ += ':';
    comma_ = false;
}

void json_writer::string(std::string_view text) {
    separate();
    quote(text);
}

void json_writer::integer(std::int64_t number) {
    raw(std::to_string(number));
}

void json_writer::real(double number) {
    std::isfinite(number) ? raw(fmt::format("{}", number)) : null();
}

void json_writer::boolean(bool value) {
    raw(value ? "true" : "false");
}

void json_writer::null() {
    raw("null");
}

void json_writer::raw(std::string_view json) {
    separate();
    out_ += json;
}

} // namespace switchboard::api
