#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels::email {

struct html_token {
    enum class kind { text, open, close };
    using attribute = std::pair<std::string, std::string>; // name lower-case, value decoded
    kind what = kind::text;
    std::string name; // tag name, lower-case
    std::vector<attribute> attributes;
    std::string text; // decoded

    /// Empty of that kind; the memory stays for what comes next.
    void start(kind k);
};

/// Splits HTML into tags and text as browsers do (WHATWG tokenization), without building a tree: hostile nesting costs
/// nothing. Comments, doctypes and the content of script, style and other raw elements are skipped. The fields of a
/// form, which are shown nowhere, become the text that was written into them: a value, "[x]" or "[ ]" before what can
/// be chosen, a textarea as a "pre".
class html_lexer {
public:
    explicit html_lexer(std::string_view html) : html_(html) {}

    /// False at the end.
    bool next(html_token& token);

private:
    bool tag(html_token& token);
    bool attribute(html_token& token, std::size_t& at) const;
    void skip_markup();
    std::size_t end_of_raw(std::string_view name) const;
    static void show_field(html_token& token);

    std::string_view html_;
    std::size_t at_ = 0;
    std::size_t comment_end_ = 0; // the next "-->" that is known of; npos: there is none
    bool in_textarea_ = false;    // what comes next is its content
};

/// The code point of a named entity, 0 if there is none.
char32_t html_entity(std::string_view name);

/// Text with its character references decoded.
std::string decode_entities(std::string_view text);

void append_utf8(std::string& out, char32_t code);

} // namespace switchboard::channels::email
