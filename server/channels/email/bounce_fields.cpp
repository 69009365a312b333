#include "channels/email/bounce_fields.hpp"

#include "channels/email/addresses.hpp"

#include <switchboard/util/text.hpp>

#include <string>

namespace switchboard::channels::email {

void each_field(std::string_view text, const std::function<void(std::string_view, std::string_view)>& field) {
    std::string name, value;
    const auto flush = [&] {
        if (!name.empty()) field(name, trim(value));
        name.clear();
        value.clear();
    };
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trim(line).empty()) {
            flush();
            field({}, {});
        } else if (line.front() == ' ' || line.front() == '\t') {
            value.append(" ").append(trim(line));
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            flush();
            name = lower_ascii(trim(line.substr(0, colon)));
            value = line.substr(colon + 1);
        }
    }
    flush();
}

std::string_view after_type(std::string_view value) {
    const auto semicolon = value.find(';');
    return trim(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1));
}

std::string address_in(std::string_view value) {
    value = after_type(value);
    if (const auto open = value.find('<'); open != std::string_view::npos)
        value = value.substr(open + 1, value.find('>', open) - open - 1);
    // "utf-8;\x{…}", comments and "|command" stay outside; a local name without a domain is all that some servers give.
    value = trim(value.substr(0, value.find_first_of(" \t(,;")));
    while (!value.empty() && std::string_view("\"'<>[]:.").contains(value.back())) value.remove_suffix(1);
    while (!value.empty() && std::string_view("\"'<>[]:").contains(value.front())) value.remove_prefix(1);
    return canonical_address(value);
}

} // namespace switchboard::channels::email
