#include "channels/email/html_lexer.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace switchboard::channels::email {
namespace {

// What stands inside these is never shown.
constexpr std::array<std::string_view, 7> raw_elements{"script",  "style",    "xmp",  "iframe",
                                                       "noembed", "noframes", "title"};
// Types of an input whose value nobody has written, or is not to be seen.
constexpr std::array<std::string_view, 6> unseen_inputs{"hidden", "password", "submit", "button", "reset", "image"};

// Of the memory of one text for the next: a page can be one text of megabytes.
constexpr std::size_t most_kept = 64u << 10;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// What ends the name of a tag, and that of an attribute.
bool ends_tag_name(char c) {
    return is_space(c) || c == '/' || c == '>';
}
bool ends_attribute_name(char c) {
    return ends_tag_name(c) || c == '=';
}
bool ends_bare_value(char c) {
    return is_space(c) || c == '>';
}

/// The first such byte from there on, or the end.
template <bool (*is_wanted)(char)>
std::size_t find_where(std::string_view text, std::size_t at) {
    while (at < text.size() && !is_wanted(text[at])) ++at;
    return std::min(at, text.size());
}

bool is_name(char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
}

void append_lower(std::string& out, std::string_view text) {
    for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

char32_t number_of(std::string_view digits, int base) {
    char32_t value = 0;
    for (const char c : digits) {
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        value = std::min<char32_t>(value * static_cast<char32_t>(base) + static_cast<char32_t>(digit), 0x110000);
    }
    return value;
}

// Windows-1252 in numeric references, which browsers translate.
constexpr std::array<char32_t, 32> c1_controls{0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                               0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                               0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

// Decodes the reference at text[at] ('&'); returns how many bytes it took, 0 if it is none.
std::size_t reference_at(std::string_view text, std::size_t at, std::string& out) {
    std::size_t end = at + 1;
    if (end < text.size() && text[end] == '#') {
        const bool hex = end + 1 < text.size() && (text[end + 1] | 0x20) == 'x';
        const std::size_t begin = end + (hex ? 2 : 1);
        end = begin;
        while (end < text.size() &&
               (hex ? is_name(text[end]) && (text[end] | 0x20) <= 'f' : text[end] >= '0' && text[end] <= '9'))
            ++end;
        if (end == begin) return 0;
        char32_t code = number_of(text.substr(begin, end - begin), hex ? 16 : 10);
        if (code >= 0x80 && code <= 0x9F) code = c1_controls[code - 0x80];
        if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
        append_utf8(out, code);
    } else {
        while (end < text.size() && end - at < 32 && is_name(text[end])) ++end;
        const char32_t code = html_entity(text.substr(at + 1, end - at - 1));
        if (code == 0) return 0;
        append_utf8(out, code);
    }
    return end - at + (end < text.size() && text[end] == ';' ? 1 : 0);
}

void append_decoded(std::string& out, std::string_view text) {
    out.reserve(out.size() + text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto ampersand = std::min(text.find('&', at), text.size());
        out.append(text, at, ampersand - at);
        at = ampersand;
        if (at == text.size()) break;
        const std::size_t taken = reference_at(text, at, out);
        if (taken == 0) out += '&';
        at += std::max<std::size_t>(taken, 1);
    }
}

} // namespace

void append_utf8(std::string& out, char32_t code) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | (code >> 6));
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

void html_token::start(kind k) {
    what = k;
    name.clear();
    attributes.clear();
    text.clear();
    if (text.capacity() > most_kept) std::string{}.swap(text);
}

std::string decode_entities(std::string_view text) {
    std::string out;
    append_decoded(out, text);
    return out;
}

bool html_lexer::next(html_token& token) {
    if (std::exchange(in_textarea_, false)) {
        auto words = html_.substr(at_, end_of_raw("textarea") - at_);
        at_ += words.size();
        if (words.starts_with('\r')) words.remove_prefix(1);
        if (words.starts_with('\n')) words.remove_prefix(1); // as browsers leave it out
        token.start(html_token::kind::text);
        append_decoded(token.text, words);
        return true;
    }
    while (at_ < html_.size()) {
        const char c = html_[at_];
        const char after = at_ + 1 < html_.size() ? html_[at_ + 1] : '\0';
        if (c == '<') {
            if (is_letter(after) || (after == '/' && at_ + 2 < html_.size() && is_letter(html_[at_ + 2])))
                return tag(token);
            if (after == '!' || after == '?' || after == '/') {
                skip_markup();
                continue;
            }
        }
        const auto end = std::min(html_.find('<', at_ + 1), html_.size());
        token.start(html_token::kind::text);
        append_decoded(token.text, html_.substr(at_, end - at_));
        at_ = end;
        return true;
    }
    return false;
}

// Comments, doctypes, processing instructions, "</ >".
void html_lexer::skip_markup() {
    if (html_.substr(at_).starts_with("<!--")) {
        const auto body = at_ + 4;
        if (html_.substr(body).starts_with(">") || html_.substr(body).starts_with("->")) {
            at_ = html_.find('>', body) + 1;
            return;
        }
        // Looked for once: a row of comments that do not end so would cost quadratic time.
        if (comment_end_ < body) comment_end_ = html_.find("-->", body);
        if (comment_end_ != std::string_view::npos) {
            const auto early = html_.substr(body, comment_end_ - body).find("--!>");
            at_ = early != std::string_view::npos ? body + early + 4 : comment_end_ + 3;
            return;
        }
    }
    // An unfinished comment would hide all that follows; browsers do that, but words must not be lost here.
    const auto end = html_.find('>', at_);
    at_ = end == std::string_view::npos ? html_.size() : end + 1;
}

bool html_lexer::attribute(html_token& token, std::size_t& at) const {
    while (at < html_.size() && (is_space(html_[at]) || html_[at] == '/')) ++at;
    if (at >= html_.size() || html_[at] == '>') return false;
    const auto name_end = find_where<ends_attribute_name>(html_, at + 1);
    std::string name = lower_ascii(html_.substr(at, name_end - at));
    at = name_end;
    while (at < html_.size() && is_space(html_[at])) ++at;
    std::string value;
    if (at < html_.size() && html_[at] == '=') {
        ++at;
        while (at < html_.size() && is_space(html_[at])) ++at;
        const char quote = at < html_.size() ? html_[at] : '\0';
        const bool quoted = quote == '"' || quote == '\'';
        const auto begin = quoted ? at + 1 : at;
        const auto end =
            quoted ? std::min(html_.find(quote, begin), html_.size()) : find_where<ends_bare_value>(html_, begin);
        value = decode_entities(html_.substr(std::min(begin, html_.size()), end - std::min(begin, html_.size())));
        at = std::min(html_.size(), end + (quoted ? 1 : 0));
    }
    // The first of two attributes with one name counts; more than these no honest tag has.
    if (token.attributes.size() < 64 &&
        std::ranges::find(token.attributes, name, &html_token::attribute::first) == token.attributes.end())
        token.attributes.emplace_back(std::move(name), std::move(value));
    return true;
}

bool html_lexer::tag(html_token& token) {
    const bool closing = html_[at_ + 1] == '/';
    std::size_t at = at_ + (closing ? 2 : 1);
    const auto name_end = find_where<ends_tag_name>(html_, at);
    token.start(closing ? html_token::kind::close : html_token::kind::open);
    append_lower(token.name, html_.substr(at, name_end - at));
    at = name_end;
    while (attribute(token, at)) {
    }
    if (at >= html_.size()) {
        // A tag that never ends: all of it is text, so that this is not tried again from each "<" in it.
        token.start(html_token::kind::text);
        append_decoded(token.text, html_.substr(at_));
        at_ = html_.size();
        return true;
    }
    at_ = at + 1;
    if (token.name == "textarea") {
        token.name = "pre";
        token.attributes.clear();
        in_textarea_ = !closing;
    } else if (!closing && (token.name == "input" || token.name == "option")) {
        show_field(token);
    } else if (!closing && std::ranges::find(raw_elements, token.name) != raw_elements.end()) {
        at_ = end_of_raw(token.name); // the closing tag is a token of its own
    }
    return true;
}

/// What somebody has written into a field, or chosen in it, in the place of its tag.
void html_lexer::show_field(html_token& token) {
    const auto attribute = [&](std::string_view name) -> const std::string* {
        const auto found = std::ranges::find(token.attributes, name, &html_token::attribute::first);
        return found == token.attributes.end() ? nullptr : &found->second;
    };
    const auto* type = attribute("type");
    const auto* value = attribute("value");
    const auto kind = type ? lower_ascii(*type) : std::string();
    std::string shown;
    if (token.name == "option" || kind == "checkbox" || kind == "radio")
        shown = attribute(token.name == "option" ? "selected" : "checked") ? " [x] " : " [ ] ";
    else if (value && std::ranges::find(unseen_inputs, kind) == unseen_inputs.end())
        shown = " " + *value + " ";
    token.start(html_token::kind::text);
    token.text = std::move(shown);
}

/// Where the closing tag of such an element begins; the end where there is none.
std::size_t html_lexer::end_of_raw(std::string_view name) const {
    for (auto at = html_.find("</", at_); at != std::string_view::npos; at = html_.find("</", at + 2)) {
        const auto rest = html_.substr(at + 2, name.size() + 1);
        if (rest.size() <= name.size() || lower_ascii(rest.substr(0, name.size())) != name) continue;
        if (is_space(rest.back()) || rest.back() == '>' || rest.back() == '/') return at;
    }
    return html_.size();
}

} // namespace switchboard::channels::email
