#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

/// One line an event, to stderr: time, level, event, fields.
///   2026-11-21T18:40:18.250Z warn  delivery_failed request=9f3c ticket=1042 reason="mailbox full"
/// Never log bodies, secrets or passwords.
namespace switchboard::log {

enum class level { debug, info, warn, error };

struct field {
    std::string_view name;
    std::string value;

    field(std::string_view n, std::string v) : name{n}, value{std::move(v)} {}
    field(std::string_view n, std::string_view v) : name{n}, value{v} {}
    field(std::string_view n, const char* v) : name{n}, value{v} {}
    field(std::string_view n, bool v) : name{n}, value{v ? "true" : "false"} {}
    template <class T>
        requires std::is_arithmetic_v<T>
    field(std::string_view n, T v) : name{n}, value{std::to_string(v)} {}
};

using fields = std::initializer_list<field>;

/// Lines below `lowest` are not written. `info` until this is called.
void set_level(level lowest);
level parse_level(std::string_view name); // debug info warn error; throws std::invalid_argument

bool enabled(level l);
void write(level l, std::string_view event, fields about = {});

inline void debug(std::string_view event, fields about = {}) {
    write(level::debug, event, about);
}
inline void info(std::string_view event, fields about = {}) {
    write(level::info, event, about);
}
inline void warn(std::string_view event, fields about = {}) {
    write(level::warn, event, about);
}
inline void error(std::string_view event, fields about = {}) {
    write(level::error, event, about);
}

/// The line without time and level. A value that has a space, a quote or a control character is quoted and escaped, so
/// that what a stranger sent can never look like a line of ours.
std::string format_line(std::string_view event, fields about);

} // namespace switchboard::log
