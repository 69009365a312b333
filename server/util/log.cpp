#include <switchboard/util/log.hpp>

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

namespace switchboard::log {
namespace {

spdlog::level::level_enum to_spdlog(level l) {
    switch (l) {
    case level::debug:
        return spdlog::level::debug;
    case level::info:
        return spdlog::level::info;
    case level::warn:
        return spdlog::level::warn;
    case level::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string_view name_of(level l) {
    constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
    return names.at(static_cast<std::size_t>(l));
}

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("switchboard", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_formatter(
            std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc));
        made->flush_on(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

bool must_quote(std::string_view value) {
    return value.empty() || std::ranges::any_of(value, [](unsigned char c) {
               return c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F;
           });
}

void append_quoted(std::string& out, std::string_view value) {
    out += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (const auto byte = static_cast<unsigned char>(c); byte < ' ' || byte == 0x7F)
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
        else
            out += c;
    }
    out += '"';
}

} // namespace

void set_level(level lowest) {
    logger().set_level(to_spdlog(lowest));
}

level parse_level(std::string_view name) {
    if (name == "debug") return level::debug;
    if (name == "info") return level::info;
    if (name == "warn") return level::warn;
    if (name == "error") return level::error;
    throw std::invalid_argument(fmt::format("'{}' is none of debug, info, warn, error", name));
}

bool enabled(level l) {
    return logger().should_log(to_spdlog(l));
}

void write(level l, std::string_view event, fields about) {
    if (enabled(l)) logger().log(to_spdlog(l), fmt::format("{:<5} {}", name_of(l), format_line(event, about)));
}

std::string format_line(std::string_view event, fields about) {
    std::string line(event);
    for (const auto& [name, value] : about) {
        ((line += ' ') += name) += '=';
        if (must_quote(value))
            append_quoted(line, value);
        else
            line += value;
    }
    return line;
}

} // namespace switchboard::log
