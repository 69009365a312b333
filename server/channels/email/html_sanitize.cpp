#include "channels/email/html_css.hpp"
#include "channels/email/html_lexer.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <vector>

namespace switchboard::channels {
namespace {

using email::html_token;

constexpr std::array<std::string_view, 66> allowed_tags{
    "a",    "abbr",    "address", "article", "aside",  "b",      "bdi",        "bdo",    "big",   "blockquote",
    "br",   "caption", "center",  "cite",    "code",   "col",    "colgroup",   "dd",     "del",   "details",
    "dfn",  "dir",     "div",     "dl",      "dt",     "em",     "figcaption", "figure", "font",  "footer",
    "h1",   "h2",      "h3",      "h4",      "h5",     "h6",     "header",     "hr",     "i",     "img",
    "ins",  "kbd",     "li",      "main",    "mark",   "ol",     "p",          "pre",    "q",     "s",
    "samp", "section", "small",   "span",    "strike", "strong", "sub",        "sup",    "table", "tbody",
    "td",   "tfoot",   "th",      "thead",   "tr",     "u"};
constexpr std::array<std::string_view, 4> more_allowed_tags{"ul", "var", "tt", "wbr"};
constexpr std::array<std::string_view, 5> void_tags{"br", "hr", "img", "col", "wbr"};
constexpr std::array<std::string_view, 17> plain_attributes{
    "align", "alt",  "bgcolor", "border", "cellpadding", "cellspacing", "color", "cols",  "colspan",
    "dir",   "face", "height",  "lang",   "rowspan",     "size",        "title", "valign"};
constexpr std::array<std::string_view, 6> more_plain_attributes{"width", "start", "type", "nowrap", "reversed", "span"};
constexpr std::array<std::string_view, 9> table_tags{"table", "tbody", "thead",   "tfoot",   "tr",
                                                     "td",    "th",    "caption", "colgroup"};
constexpr std::array<std::string_view, 3> cell_walls{"td", "th", "caption"};
constexpr std::size_t deepest = 200; // browsers stop at 512; each level of indentation is a level of their recursion

template <class List>
bool is_in(const List& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

void escape_to(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
}

enum class url_kind { refused, remote, mail, inline_part, inline_data };

// Browsers ignore white space and control characters inside a scheme, so they are gone before it is looked at.
std::string bare_url(std::string_view url) {
    std::string out;
    for (const char c : url)
        if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) out += c;
    if (out.starts_with("//") || out.starts_with("\\\\")) out = "https://" + out.substr(2);
    return out;
}

url_kind kind_of(std::string_view url) {
    const std::string lower = lower_ascii(url.substr(0, 64));
    if (lower.starts_with("http://") || lower.starts_with("https://")) return url_kind::remote;
    if (lower.starts_with("mailto:") || lower.starts_with("tel:")) return url_kind::mail;
    if (lower.starts_with("cid:")) return url_kind::inline_part;
    for (const std::string_view type : {"png", "gif", "jpeg", "jpg", "webp", "bmp"})
        if (lower.starts_with("data:image/" + std::string(type) + ";base64,")) return url_kind::inline_data;
    return url_kind::refused;
}

class writer {
public:
    explicit writer(sanitized_html& out) : out_(out) {}

    void text(std::string_view words) { escape_to(out_.html, words); }

    void open(const html_token& token) {
        if (!is_in(allowed_tags, token.name) && !is_in(more_allowed_tags, token.name)) return;
        const bool is_void = is_in(void_tags, token.name);
        if (!is_void) {
            end_implied(token.name);
            if (open_.size() >= deepest) return;
        }
        out_.html += '<';
        out_.html += token.name;
        for (const auto& [name, value] : token.attributes) write_attribute(token.name, name, value);
        if (token.name == "a") out_.html += " rel=\"noopener noreferrer\" target=\"_blank\"";
        out_.html += '>';
        if (!is_void) open_.push_back(token.name);
    }

    void close(std::string_view name) {
        if (name == "br") out_.html += "<br>"; // as browsers read it
        const bool table_part = is_in(table_tags, name);
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (open_[i] == name) return close_down_to(i);
            // A stray </font> in a cell must not tear the table down.
            if (!table_part && is_in(cell_walls, open_[i])) return;
            if (table_part && name != "table" && open_[i] == "table") return;
        }
    }

    void finish() { close_down_to(0); }

private:
    void close_down_to(std::size_t depth) {
        while (open_.size() > depth) {
            out_.html.append("</").append(open_.back()).append(">");
            open_.pop_back();
        }
    }

    // Elements that the next of their kind ends, looked for up to the wall that holds them.
    void end_implied(std::string_view name) {
        if (name == "a") return end_open({"a"}, {"td", "th"});
        if (name == "li") return end_open({"li"}, {"ul", "ol", "dir", "td", "th"});
        if (name == "dd" || name == "dt") return end_open({"dd", "dt"}, {"dl", "td", "th"});
        if (name == "td" || name == "th") return end_open({"td", "th"}, {"tr", "table"});
        if (name == "tr") return end_open({"tr"}, {"table"});
        if (name == "tbody" || name == "thead" || name == "tfoot")
            return end_open({"tbody", "thead", "tfoot"}, {"table"});
        if (name == "p") return end_open({"p"}, {"td", "th", "div", "li", "blockquote"});
    }
    void end_open(std::initializer_list<std::string_view> ends, std::initializer_list<std::string_view> walls) {
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (std::ranges::find(ends, open_[i]) != ends.end()) return close_down_to(i);
            if (std::ranges::find(walls, open_[i]) != walls.end()) return;
        }
    }

    void write(std::string_view name, std::string_view value) {
        out_.html += ' ';
        out_.html += name;
        out_.html += "=\"";
        escape_to(out_.html, value);
        out_.html += '"';
    }

    void write_attribute(std::string_view tag, std::string_view name, std::string_view value) {
        if (name == "style") {
            if (const auto style = email::sanitize_style(value, out_.blocked_remote_count); !style.empty())
                write(name, style);
        } else if (name == "href" && tag == "a") {
            const auto url = bare_url(value);
            if (const auto kind = kind_of(url); kind == url_kind::remote || kind == url_kind::mail) write(name, url);
        } else if (name == "src" && tag == "img") {
            const auto url = bare_url(value);
            const auto kind = kind_of(url);
            if (kind == url_kind::remote) ++out_.blocked_remote_count;
            if (kind == url_kind::remote) write("data-remote-src", url);
            if (kind == url_kind::remote && named_.insert(url).second) out_.remote_pictures.push_back(url);
            if (kind == url_kind::inline_part || kind == url_kind::inline_data) write("src", url);
        } else if (name == "background" && kind_of(bare_url(value)) == url_kind::remote) {
            ++out_.blocked_remote_count;
        } else if ((is_in(plain_attributes, name) || is_in(more_plain_attributes, name)) && value.size() <= 2000) {
            write(name, value);
        }
    }

    sanitized_html& out_;
    std::vector<std::string> open_;
    std::unordered_set<std::string> named_; // remote pictures so far
};

} // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    escape_to(out, text);
    return out;
}

sanitized_html sanitize_html(std::string_view html) {
    const std::string clean = clean_utf8(html);
    sanitized_html out;
    out.html.reserve(clean.size());
    writer page(out);
    email::html_lexer lexer(clean);
    for (html_token token; lexer.next(token);) {
        switch (token.what) {
        case html_token::kind::text:
            page.text(token.text);
            break;
        case html_token::kind::open:
            page.open(token);
            break;
        case html_token::kind::close:
            page.close(token.name);
            break;
        }
    }
    page.finish();
    return out;
}

} // namespace switchboard::channels
