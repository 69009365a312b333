#include "web/target.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard::web {
namespace {

bool parse_query(std::string_view text, http::pairs& query) {
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text = end == text.npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(equals == pair.npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value) return false;
        query.emplace_back(std::move(*name), std::move(*value));
    }
    return true;
}

/// Split before it is decoded: "%2F" is a part of a segment, "/" ends it.
bool parse_path(std::string_view text, http::request& to) {
    while (!text.empty()) {
        text.remove_prefix(1);
        const auto end = std::min(text.find('/'), text.size());
        auto segment = percent_decode(text.substr(0, end), false);
        if (!segment) return false;
        to.path += '/' + *segment;
        to.segments.push_back(std::move(*segment));
        text.remove_prefix(end);
    }
    // The path goes into routes, logs and JSON; a query may be in a provider's own charset and stays as it came.
    return clean_utf8(to.path) == to.path;
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
            if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out.push_back(c);
    }
    return out;
}

bool split_target(std::string_view target, http::request& to) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (lower_ascii(target.substr(0, scheme.size())) != scheme) continue;
        target.remove_prefix(scheme.size());
        const auto slash = target.find_first_of("/?");
        target = slash == target.npos ? std::string_view{} : target.substr(slash);
        if (!target.starts_with('/'))
            return parse_path("/", to) && parse_query(target.substr(target.empty() ? 0 : 1), to.query);
        break;
    }
    if (target == "*") target = "/";
    if (!target.starts_with('/')) return false;
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    if (!parse_path(target.substr(0, mark), to)) return false;
    return mark == target.npos || parse_query(target.substr(mark + 1), to.query);
}

} // namespace switchboard::web
