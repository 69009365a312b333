#include "channels/phone/xml_cdr.hpp"

#include <switchboard/util/text.hpp>

#include "channels/email/charset.hpp"
#include "channels/phone/call.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unicode/unistr.h>
#include <unicode/utf.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace switchboard::channels {

namespace {

using nlohmann::json;

struct element {
    std::string_view name;
    std::string_view content;
    std::size_t end; // just behind the closing tag
};

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.:").contains(c);
}

/// The element that starts at `at`, if one does: an opening tag whose closing tag exists. Anything else is text.
std::optional<element> element_at(std::string_view xml, std::size_t at) {
    if (at >= xml.size() || xml[at] != '<') return std::nullopt;
    const auto rest = xml.substr(at + 1);
    const auto* name_end = std::ranges::find_if_not(rest, is_name_char);
    const auto name = rest.substr(0, static_cast<std::size_t>(name_end - rest.begin()));
    const auto tag_end = xml.find('>', at);
    if (name.empty() || tag_end == std::string_view::npos) return std::nullopt;
    if (const char after = xml[at + 1 + name.size()]; !std::string_view(" \t\r\n/>").contains(after))
        return std::nullopt;
    if (xml[tag_end - 1] == '/') return element{name, {}, tag_end + 1};
    const auto closing = fmt::format("</{}>", name);
    const auto close = xml.find(closing, tag_end + 1);
    if (close == std::string_view::npos) return std::nullopt;
    return element{name, xml.substr(tag_end + 1, close - tag_end - 1), close + closing.size()};
}

/// "&#233;" or "&#xE9;" at the beginning of `text`: the character, and how long it was written.
std::optional<std::pair<std::string, std::size_t>> numeric_entity(std::string_view text) {
    constexpr std::size_t longest = 12;
    if (!text.starts_with("&#")) return std::nullopt;
    const auto end = text.substr(0, longest).find(';');
    if (end == std::string_view::npos) return std::nullopt;
    const bool hex = text[2] == 'x' || text[2] == 'X';
    const auto digits = text.substr(hex ? 3 : 2, end - (hex ? 3 : 2));
    std::uint32_t code = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (error != std::errc() || stop != digits.data() + digits.size() || code == 0) return std::nullopt;
    if (code > 0x10FFFF || U_IS_SURROGATE(code)) return std::nullopt;
    std::string out;
    icu::UnicodeString(static_cast<UChar32>(code)).toUTF8String(out);
    return std::pair{out, end + 1};
}

std::string unescape(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '&') {
            out += text[i++];
        } else if (const auto character = numeric_entity(text.substr(i))) {
            out += character->first;
            i += character->second;
        } else {
            const auto* known =
                std::ranges::find_if(entities, [&](const auto& e) { return text.substr(i).starts_with(e.first); });
            out += known == entities.end() ? text[i] : known->second;
            i += known == entities.end() ? 1 : known->first.size();
        }
    }
    return out;
}

/// What `<?xml version="1.0" encoding="…"?>` says; "" = nothing.
std::string_view declared_charset(std::string_view xml) {
    const auto head = xml.substr(0, xml.find("?>"));
    if (!trim(xml).starts_with("<?xml") || head.size() == xml.size()) return "";
    const auto at = head.find("encoding");
    const auto quote = at == std::string_view::npos ? at : head.find_first_of("\"'", at);
    if (quote == std::string_view::npos) return "";
    return head.substr(quote + 1, head.find(head[quote], quote + 1) - quote - 1);
}

std::string in_utf8(std::string_view xml, const gateway_settings& settings) {
    const auto declared = lower_ascii(declared_charset(xml));
    if (email::is_utf8(xml) || declared.empty() || declared == "utf-8" || !email::is_charset(declared))
        return readable(xml, settings);
    return email::to_utf8(xml, declared);
}

class content_reader {
public:
    explicit content_reader(std::size_t most) : left_{most} {}

    json read(std::string_view content, std::size_t depth_left) {
        const auto start = content.find_first_not_of(" \t\r\n");
        if (start == std::string_view::npos) return "";
        if (depth_left == 0 || !element_at(content, start)) return unescape(trim(content));
        json out = json::object();
        for (auto at = start; at != std::string_view::npos && left_ > 0; at = content.find('<', at)) {
            const auto child = element_at(content, at);
            // One tag that is never closed: what follows cannot be told from text.
            if (!child) break;
            --left_;
            const std::string name(child->name);
            auto value = read(child->content, depth_left - 1);
            if (name == "callflow")
                out[name].push_back(std::move(value));
            else if (!out.contains(name))
                out[name] = std::move(value);
            at = child->end;
        }
        return out;
    }
    bool is_spent() const { return left_ == 0; }

private:
    std::size_t left_;
};

} // namespace

std::expected<json, std::string> read_xml_cdr(std::string_view bytes, const limits& bounds,
                                              const gateway_settings& settings) {
    const auto text = in_utf8(bytes, settings);
    const std::string_view xml = text;
    constexpr std::size_t cdr_depth = 10;
    const auto start = xml.find("<cdr");
    const auto root = start == std::string_view::npos ? std::nullopt : element_at(xml, start);
    if (!root) return std::unexpected("no complete <cdr> element");
    content_reader reader{bounds.values};
    auto out = reader.read(root->content, std::min(bounds.depth, cdr_depth));
    if (reader.is_spent()) return std::unexpected(fmt::format("made of more than {} elements", bounds.values));
    return out;
}

} // namespace switchboard::channels
