#include "channels/email/parameters.hpp"

#include "channels/email/charset.hpp"
#include "channels/email/header_text.hpp"

#include <switchboard/util/text.hpp>

#include <charconv>
#include <map>
#include <optional>

namespace switchboard::channels::email {
namespace {

constexpr int most_sections = 200; // of one continued value (RFC 2231 3)

struct section {
    std::string bytes;
    bool encoded = false; // %41, and for the first: charset'language'
};

/// What has been said of one parameter.
struct claims {
    std::optional<std::string> plain; // name=…
    std::map<int, section> sections;  // name*=… is the only one, or name*0=…, name*1*=…
};

/// Takes one value: to its closing quote, or to the next semicolon.
std::string take_value(std::string_view& rest) {
    std::string out;
    rest = rest.substr(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    if (rest.starts_with('"')) {
        std::size_t at = 1;
        for (; at < rest.size() && rest[at] != '"'; ++at) {
            // A backslash before anything else is one of a path.
            if (rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\')) ++at;
            out += rest[at];
        }
        rest.remove_prefix(std::min(at + 1, rest.size()));
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
        return out;
    }
    const auto end = std::min(rest.find(';'), rest.size());
    out = trim(rest.substr(0, end));
    rest.remove_prefix(end);
    return out;
}

/// "name*2*" -> the section that it is; nothing for another parameter.
struct place {
    int number = 0;
    bool section = false, encoded = false;
};
std::optional<place> place_of(std::string_view key, std::string_view name) {
    if (!key.starts_with(name)) return std::nullopt;
    key.remove_prefix(name.size());
    if (key.empty()) return place{};
    if (!key.starts_with('*')) return std::nullopt;
    place out{.number = 0, .section = true, .encoded = key.size() == 1 || key.ends_with('*')};
    key.remove_prefix(1);
    if (key.ends_with('*')) key.remove_suffix(1);
    if (key.empty()) return out;
    const auto [end, bad] = std::from_chars(key.data(), key.data() + key.size(), out.number);
    if (bad != std::errc{} || end != key.data() + key.size() || out.number < 0 || out.number >= most_sections)
        return std::nullopt;
    return out;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        out += low >= 0 ? static_cast<char>(high * 16 + low) : text[i];
        if (low >= 0) i += 2;
    }
    return out;
}

claims read_claims(std::string_view field, std::string_view name) {
    claims out;
    std::string_view rest = field;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    while (rest.starts_with(';')) {
        rest.remove_prefix(1);
        const auto equals = rest.find_first_of("=;");
        if (equals == std::string_view::npos) break;
        const auto key = lower_ascii(trim(rest.substr(0, equals)));
        rest.remove_prefix(equals);
        if (rest.starts_with(';')) continue;
        rest.remove_prefix(1);
        auto value = take_value(rest);
        const auto found = place_of(key, name);
        if (!found) continue;
        if (found->section)
            out.sections.try_emplace(found->number, section{std::move(value), found->encoded});
        else if (!out.plain)
            out.plain = std::move(value);
    }
    return out;
}

/// Bytes whose charset nobody names, as header text.
std::string undeclared(std::string_view bytes, std::string_view charset) {
    return decode_header(bytes, is_utf8(bytes) ? std::string_view{} : charset);
}

std::string joined(const std::map<int, section>& sections, std::string_view charset) {
    std::string bytes, declared;
    bool first = true, any_encoded = false;
    for (const auto& [number, part] : sections) {
        std::string_view text = part.bytes;
        if (first && part.encoded) {
            const auto quote = text.find('\''), second = text.find('\'', quote + 1);
            if (quote != std::string_view::npos && second != std::string_view::npos) {
                declared = text.substr(0, quote);
                text.remove_prefix(second + 1);
            }
        }
        first = false;
        any_encoded = any_encoded || part.encoded;
        bytes += part.encoded ? percent_decoded(text) : std::string(text);
    }
    if (!any_encoded) return undeclared(bytes, charset);
    const auto label = declared.empty() && !is_utf8(bytes) ? charset : std::string_view{declared};
    return decode_header(to_utf8(std::string_view{bytes}, label)); // encoded words within are seen, too
}

} // namespace

std::string header_parameter(std::string_view field, std::string_view name, std::string_view charset) {
    const auto said = read_claims(field, name);
    if (!said.sections.empty() && said.sections.begin()->first == 0)
        if (auto value = joined(said.sections, charset); !value.empty()) return value;
    return said.plain ? undeclared(*said.plain, charset) : std::string();
}

} // namespace switchboard::channels::email
