#include "api/wire/decoder.hpp"

#include <switchboard/util/form.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace switchboard::api {
namespace {

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// A date that PostgreSQL keeps and that people mean.
bool is_sensible(timestamp t) {
    using namespace std::chrono;
    return t >= sys_days{year{1900} / 1 / 1} && t < sys_days{year{3000} / 1 / 1};
}

} // namespace

bool decoder::is_text(json_view from) {
    if (from.kind() == json_kind::string) return true;
    fail("must be a text");
    return false;
}

void decoder::check_length(std::string_view text, std::size_t least, std::size_t most) {
    const auto length = characters(text);
    if (length < least)
        fail(least == 1 ? std::string{"must not be empty"} : fmt::format("must have at least {} characters", least));
    else if (length > most)
        fail(fmt::format("must have at most {} characters", most));
}

void decoder::read_text(json_view from, std::size_t least, std::size_t most, std::string& to) {
    if (!is_text(from)) return;
    to = from.string();
    check_length(to, least, most);
}

void decoder::read_label(json_view from, std::size_t most, std::string& to) {
    if (!is_text(from)) return;
    to = trim(from.string());
    check_length(to, 1, most);
}

void decoder::check_range(std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return;
    if (most == INT64_MAX)
        fail(fmt::format("must be at least {}", least));
    else
        fail(fmt::format("must be between {} and {}", least, most));
}

void decoder::read_integer(json_view from, std::int64_t least, std::int64_t most, std::int64_t& to) {
    if (from.kind() != json_kind::integer) return fail("must be a whole number");
    to = from.integer().value_or(most);
    if (!from.integer()) return fail("is too large");
    check_range(to, least, most);
}

void decoder::parse_integer(std::string_view from, std::int64_t least, std::int64_t most, std::int64_t& to) {
    const auto [end, error] = std::from_chars(from.data(), from.data() + from.size(), to);
    if (error != std::errc{} || end != from.data() + from.size()) return fail("must be a whole number");
    check_range(to, least, most);
}

void decoder::check_choice(std::string_view text, const std::vector<std::string_view>& choices) {
    if (std::ranges::find(choices, text) == choices.end())
        fail(fmt::format("must be one of {}", fmt::join(choices, ", ")));
}

void decoder::read_choice(json_view from, const std::vector<std::string_view>& choices, std::string& to) {
    if (!is_text(from)) return;
    to = from.string();
    check_choice(to, choices);
}

std::optional<datum> decoder::read_declared(json_view from, const datum& schema) {
    auto judged = judge(from_own_json(from.dump()), schema, form::create);
    if (judged) return std::move(*judged);
    for (const auto& e : judged.error().errors) {
        const auto here = enter_path(e.field);
        fail(e.message);
    }
    return std::nullopt;
}

void decoder::read_object(json_view from, std::size_t most_bytes, std::string& to) {
    if (from.kind() != json_kind::object) return fail("must be an object");
    to = from.dump();
    if (to.size() > most_bytes) fail(fmt::format("must have at most {} bytes", most_bytes));
}

void decoder::read_boolean(json_view from, bool& to) {
    if (from.kind() != json_kind::boolean) return fail("must be true or false");
    to = from.boolean();
}

void decoder::parse_boolean(std::string_view from, bool& to) {
    if (from != "true" && from != "false") return fail("must be true or false");
    to = from == "true";
}

void decoder::read_time(json_view from, timestamp& to) {
    if (is_text(from)) parse_time(from.string(), to);
}

void decoder::parse_time(std::string_view from, timestamp& to) {
    const auto parsed = parse_rfc3339(from);
    if (!parsed || !is_sensible(*parsed)) return fail("must be a time like 2026-11-21T18:40:18Z");
    to = *parsed;
}

bool decoder::is_list(json_view from, std::size_t most) {
    if (from.kind() != json_kind::array) {
        fail("must be a list");
        return false;
    }
    if (from.size() <= most) return true;
    fail(fmt::format("must have at most {} items", most));
    return false;
}

void decoder::refuse_others(json_view from, const std::vector<std::string>& known) {
    from.each_member([&](const std::string& key) {
        if (std::ranges::find(known, key) != known.end() || errors.size() >= most_errors) return;
        const auto here = enter(std::string{truncate_utf8(key, 100)});
        fail("is not known here");
    });
}

} // namespace switchboard::api
