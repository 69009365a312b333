#include "channels/email/html_css.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>

namespace switchboard::channels::email {
namespace {

// No position, z-index, transform or content: nothing that lets a mail draw outside its own box.
constexpr std::array<std::string_view, 47> properties{
    "background",     "background-color", "border",         "border-bottom",   "border-collapse",
    "border-color",   "border-left",      "border-radius",  "border-right",    "border-spacing",
    "border-style",   "border-top",       "border-width",   "caption-side",    "clear",
    "color",          "direction",        "display",        "empty-cells",     "float",
    "font",           "font-family",      "font-size",      "font-style",      "font-variant",
    "font-weight",    "height",           "letter-spacing", "line-height",     "list-style-type",
    "margin",         "margin-bottom",    "margin-left",    "margin-right",    "margin-top",
    "max-width",      "padding",          "padding-bottom", "padding-left",    "padding-right",
    "padding-top",    "table-layout",     "text-align",     "text-decoration", "text-indent",
    "vertical-align", "white-space"};
constexpr std::array<std::string_view, 6> more_properties{"width",         "word-break",     "word-wrap",
                                                          "overflow-wrap", "text-transform", "min-width"};
constexpr std::array<std::string_view, 4> functions{"rgb", "rgba", "hsl", "hsla"};

template <class List>
bool is_in(const List& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

bool is_plain_value(std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool plain = (c & 0x80) != 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || std::string_view(" #%.,'\"+-/!()_").contains(c);
        if (!plain) return false;
        if (c == '(') {
            auto begin = i;
            while (begin > 0 && ((value[begin - 1] >= 'a' && value[begin - 1] <= 'z') || value[begin - 1] == '-'))
                --begin;
            if (!is_in(functions, value.substr(begin, i - begin))) return false;
        }
    }
    return std::ranges::count(value, '"') % 2 == 0 && std::ranges::count(value, '\'') % 2 == 0;
}

std::string without_comments(std::string_view style) {
    std::string out;
    for (std::size_t at = 0; at < style.size();) {
        const auto begin = std::min(style.find("/*", at), style.size());
        out.append(style, at, begin - at);
        const auto end = begin < style.size() ? style.find("*/", begin + 2) : style.size();
        at = end == std::string_view::npos ? style.size() : std::min(end + 2, style.size());
    }
    return out;
}

} // namespace

std::string sanitize_style(std::string_view style, std::size_t& blocked_remote) {
    const std::string text = lower_ascii(without_comments(style));
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        // A ";" inside url(data:…;base64,…) belongs to the value.
        auto end = at;
        for (int depth = 0; end < text.size() && (text[end] != ';' || depth > 0); ++end)
            depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
        const auto declaration = std::string_view(text).substr(at, end - at);
        at = end + 1;
        const auto colon = declaration.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = trim(declaration.substr(0, colon));
        const auto value = trim(declaration.substr(colon + 1));
        if (value.contains("url(") && !value.contains("data:")) ++blocked_remote;
        if (!is_in(properties, name) && !is_in(more_properties, name)) continue;
        if (value.empty() || value.size() > 500 || !is_plain_value(value)) continue;
        if (name.starts_with("margin") && value.contains('-')) continue; // would cover what is not the mail's
        if (!out.empty()) out += ';';
        out.append(name).append(":").append(value);
    }
    return out;
}

} // namespace switchboard::channels::email
