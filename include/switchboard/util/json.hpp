#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace switchboard {

/// What JSON from outside may have. What is beyond a bound is refused while it is read, before memory is spent on it.
struct json_bounds {
    std::size_t bytes = 64u << 20;      // of the whole text
    std::size_t depth = 32;             // of objects and arrays in one another
    std::size_t values = 100'000;       // in total: elements, and members with their names
    std::size_t text_bytes = 64u << 20; // of one text
    std::size_t name_bytes = 1000;      // of one member's name
};

enum class json_manner {
    exact,  // broken UTF-8, NUL and a name that stands twice in one object are refused
    mended, // broken UTF-8 and lone surrogates become U+FFFD, NUL is dropped, of a name's values the last counts: for
            // senders that cut emoji in half and whose record must not be lost for it
};

/// The one reader of JSON from outside: bodies, frames, webhooks, records, files. Its time and memory are linear in the
/// text, its stack is bounded by the depth. The error says what the text is, to stand behind "is": "not JSON: …".
std::expected<nlohmann::json, std::string> outside_json(std::string_view text, const json_bounds& bounds = {},
                                                        json_manner manner = json_manner::exact);

/// JSON that this program has written itself: columns, the data of events, files that come with it. Its shape is ours;
/// what was put into it from outside has been bounded by outside_json(). Throws when it is not JSON.
nlohmann::json own_json(std::string_view text);

/// The member of that name; an empty object where there is none, where it is null, or where `value` is no object.
const nlohmann::json& member(const nlohmann::json& value, std::string_view name);

} // namespace switchboard
