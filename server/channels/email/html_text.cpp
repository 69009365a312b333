#include "channels/email/charset.hpp"
#include "channels/email/html_lexer.hpp"
#include "channels/email/html_tables.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace switchboard::channels {
namespace {

using email::html_token;
using email::table_cells;

constexpr std::array<std::string_view, 36> line_elements{
    "address", "article", "aside",    "blockquote", "body",    "center",     "dd",      "details", "div",
    "dl",      "dt",      "fieldset", "figure",     "footer",  "form",       "header",  "hr",      "html",
    "li",      "main",    "nav",      "ol",         "pre",     "section",    "summary", "table",   "tbody",
    "tfoot",   "thead",   "tr",       "ul",         "caption", "figcaption", "option",  "dir",     "menu"};
constexpr std::array<std::string_view, 7> paragraph_elements{"p", "h1", "h2", "h3", "h4", "h5", "h6"};

// Most tags of a page are about letters ("b", "span", "font"): their first letter and length say that they are none.
constexpr auto line_element_lengths = [] {
    std::array<std::uint32_t, 256> by_letter{};
    for (const auto name : line_elements) by_letter[static_cast<unsigned char>(name[0])] |= 1U << name.size();
    return by_letter;
}();

bool is_line_element(std::string_view name) {
    if (name.empty() || name.size() > 31) return false;
    if ((line_element_lengths[static_cast<unsigned char>(name[0])] >> name.size() & 1U) == 0) return false;
    return std::ranges::find(line_elements, name) != line_elements.end();
}

bool is_paragraph_element(std::string_view name) {
    return name.size() <= 2 && std::ranges::find(paragraph_elements, name) != paragraph_elements.end();
}

/// How many bytes of white space stand there, a no-break space included: 0 = a word.
std::size_t white_at(std::string_view text, std::size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c > ' ' && c != 0xC2) return 0;
    if (c == 0xC2) return at + 1 < text.size() && text[at + 1] == '\xA0' ? 2 : 0;
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ? 1 : 0;
}

// Collapses white space as a browser does and keeps the quote marks at the start of lines.
class text_builder {
public:
    /// The words of a page of so many bytes, which are seldom more.
    explicit text_builder(std::size_t page_bytes) { out_.reserve(page_bytes); }
    void line_break(int lines) {
        if (!line_empty_) finish_line();
        pending_breaks_ = std::max(pending_breaks_, lines);
    }
    void forced_break() {
        if (line_empty_) {
            ++pending_breaks_;
        } else {
            finish_line();
            pending_breaks_ = std::max(pending_breaks_, 1);
        }
        pending_breaks_ = std::min(pending_breaks_, 3);
    }
    void space() { pending_space_ = !line_empty_; }
    void put(std::string_view word) {
        if (line_empty_) start_line();
        if (pending_space_) out_ += ' ';
        pending_space_ = false;
        out_ += word;
        line_empty_ = false;
        cells.words();
    }
    void words(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            if (const auto white = white_at(text, at); white > 0) {
                space();
                at += white;
                continue;
            }
            // Words with single spaces between them stay as they are: they go together.
            auto end = at + 1;
            while (end < text.size() && (white_at(text, end) == 0 ||
                                         (text[end] == ' ' && end + 1 < text.size() && white_at(text, end + 1) == 0)))
                ++end;
            put(text.substr(at, end - at));
            at = end;
        }
    }
    void preformatted(std::string_view text) {
        while (!text.empty()) {
            const auto end = text.find('\n');
            auto line = text.substr(0, end);
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (!line.empty()) put(line);
            if (end == std::string_view::npos) break;
            forced_break();
            text.remove_prefix(end + 1);
        }
    }
    void quote(int step) {
        line_break(1);
        depth_ = std::max(0, depth_ + step);
    }
    /// Where the next word will stand.
    std::size_t mark() const { return out_.size(); }
    std::string_view since(std::size_t mark) const {
        return std::string_view(out_).substr(std::min(mark, out_.size()));
    }

    /// The text with a tab between the cells of its tables; `places` move along.
    std::string take(std::initializer_list<std::size_t*> places) {
        if (cells.found().empty()) return std::move(out_);
        std::string text;
        text.reserve(out_.size() + cells.found().size());
        std::size_t from = 0;
        const auto copy_to = [&](std::size_t to) {
            for (auto* place : places)
                if (*place >= from && *place < to) moved_.emplace_back(place, text.size() + *place - from);
            text.append(out_, from, to - from);
            from = to;
        };
        for (const auto& cell : cells.found()) {
            if (cell.at > from || from == 0) copy_to(std::max(cell.at, from));
            text += '\t';
            if (!cell.filled) continue;
            while (from < out_.size() && (out_[from] == ' ' || out_[from] == '\n')) ++from;
        }
        copy_to(out_.size());
        for (auto* place : places)
            if (*place == out_.size()) *place = text.size();
        for (const auto& [place, to] : moved_) *place = to;
        return text;
    }

    table_cells cells;

private:
    void finish_line() {
        line_empty_ = true;
        pending_space_ = false;
    }
    void start_line() {
        const std::string marks(static_cast<std::size_t>(std::min(depth_, 10)), '>');
        const int breaks = out_.empty() ? 0 : std::max(pending_breaks_, 1);
        for (int i = 0; i < breaks; ++i) {
            if (i > 0) out_ += std::string(static_cast<std::size_t>(std::min({depth_, last_depth_, 10})), '>');
            out_ += '\n';
        }
        pending_breaks_ = 0;
        last_depth_ = depth_;
        if (!marks.empty()) out_ += marks + ' ';
    }

    std::string out_;
    bool line_empty_ = true, pending_space_ = false;
    int pending_breaks_ = 0, depth_ = 0, last_depth_ = 0;
    std::vector<std::pair<std::size_t*, std::size_t>> moved_;
};

std::string_view attribute(const html_token& token, std::string_view name) {
    for (const auto& [key, value] : token.attributes)
        if (key == name) return value;
    return {};
}

/// How a mail program marks what it quotes.
enum class quote_mark { none, block, rest };

constexpr std::string_view block_classes[]{"gmail_quote",      "gmail_quote_container", "moz-cite-prefix",
                                           "protonmail_quote", "tutanota_quote",        "zmail_extra",
                                           "gmail_attr"};
constexpr std::string_view rest_classes[]{"yahoo_quoted", "OutlookMessageHeader", "ms-outlook-mobile-reference-message",
                                          "yahoo-quoted-begin", "mb-quote-header"};
constexpr std::string_view rest_ids[]{"divRplyFwdMsg",
                                      "appendonsend",
                                      "OLK_SRC_BODY_SECTION",
                                      "zwchr",
                                      "reply-intro",
                                      "mail-editor-reference-message-container",
                                      "ms-outlook-mobile-reference-message"};

bool has_class(std::string_view classes, std::string_view wanted) {
    for (auto at = classes.find(wanted); at != std::string_view::npos; at = classes.find(wanted, at + 1)) {
        const auto end = at + wanted.size();
        const bool begins = at == 0 || classes[at - 1] == ' ', ends = end == classes.size() || classes[end] == ' ';
        if (begins && ends) return true;
    }
    return false;
}

quote_mark mark_of(const html_token& token) {
    const auto classes = attribute(token, "class"), id = attribute(token, "id");
    const auto in_class = [&](std::string_view name) { return has_class(classes, name); };
    if (!id.empty() && std::ranges::find(rest_ids, id) != std::end(rest_ids)) return quote_mark::rest;
    if (!classes.empty() && std::ranges::any_of(rest_classes, in_class)) return quote_mark::rest;
    if (!classes.empty() && std::ranges::any_of(block_classes, in_class)) return quote_mark::block;
    return token.name == "blockquote" && lower_ascii(attribute(token, "type")) == "cite" ? quote_mark::block
                                                                                         : quote_mark::none;
}

/// Whether all that follows the line that introduces a quote is quoted.
bool is_all_quoted(std::string_view rest) {
    bool quoted = false;
    int introduction = 0;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = trim(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (line.empty()) continue;
        if (line.starts_with('>')) {
            quoted = true;
        } else if (quoted || ++introduction > 3) {
            return false;
        }
    }
    return quoted;
}

constexpr std::size_t longest_target = 2000, most_target_bytes = 200u << 10;

/// "https://www.example.com/" -> "example.com": what a visible address may leave out.
std::string_view bare_address(std::string_view target) {
    for (const std::string_view prefix : {"https://", "http://", "mailto:", "tel:", "www."})
        if (target.starts_with(prefix)) target.remove_prefix(prefix.size());
    while (target.ends_with('/')) target.remove_suffix(1);
    return target;
}

/// The link that is open, and how many bytes of targets the text may still take.
struct open_link {
    std::string target;
    std::size_t begin = 0;
    bool picture = false;
    std::size_t budget = most_target_bytes;

    void open(std::string_view href, std::size_t at) {
        href = trim(href);
        const auto folded = lower_ascii(href.substr(0, 8));
        const bool leads_out = folded.starts_with("http://") || folded.starts_with("https://") ||
                               folded.starts_with("mailto:") || folded.starts_with("tel:");
        target = leads_out && href.size() <= longest_target ? std::string(href) : std::string();
        begin = at;
        picture = false;
    }
    /// What the words of the link do not say of where it leads; empty = they say it, or there is nothing to see.
    std::string untold(std::string_view words) {
        const auto leads_to = std::exchange(target, {});
        const auto bare = bare_address(leads_to);
        const bool seen = picture || !trim(words).empty();
        if (!seen || bare.empty() || words.contains(bare) || bare.size() > budget) return {};
        budget -= bare.size();
        return leads_to.starts_with("mailto:") || leads_to.starts_with("tel:") ? std::string(bare) : leads_to;
    }
};

// A copy of a page of megabytes is worth a look.
bool is_clean(std::string_view text) {
    return !text.contains('\0') && email::is_utf8(text);
}

} // namespace

html_words read_html(std::string_view html) {
    email::html_lexer lexer(html);
    text_builder out(html.size());
    html_token token;
    int preformatted = 0;
    open_link link;
    std::size_t block = std::string::npos, rest = std::string::npos;
    while (lexer.next(token)) {
        if (token.what == html_token::kind::text) {
            if (preformatted > 0) {
                out.preformatted(token.text);
            } else {
                out.words(token.text);
            }
            continue;
        }
        const bool open = token.what == html_token::kind::open;
        if (open && !token.attributes.empty()) {
            const auto mark = mark_of(token);
            if (mark == quote_mark::block && block == std::string::npos) block = out.mark();
            if (mark == quote_mark::rest && rest == std::string::npos) rest = out.mark();
        }
        if (token.name == "a") {
            if (const auto told = link.target.empty() ? std::string() : link.untold(out.since(link.begin));
                !told.empty()) {
                out.space();
                out.put("(" + told + ")");
            }
            if (open) link.open(attribute(token, "href"), out.mark());
        } else if (token.name == "br") {
            out.forced_break();
        } else if (token.name == "blockquote") {
            out.quote(open ? 1 : -1);
        } else if (is_paragraph_element(token.name)) {
            // Outlook writes every line as a paragraph of its class that has no margins.
            out.line_break(attribute(token, "class").starts_with("Mso") ? 1 : 2);
        } else if (is_line_element(token.name)) {
            out.line_break(1);
            if (token.name == "table") {
                if (open)
                    out.cells.begin_table();
                else
                    out.cells.end_table();
            }
            if (token.name == "tr") out.cells.end_row();
            if (token.name == "pre") preformatted = std::max(0, preformatted + (open ? 1 : -1));
            if (open && token.name == "li") out.put("- ");
            if (open && token.name == "hr") out.put("---");
            if (token.name == "hr") out.line_break(1);
        } else if (token.name == "td" || token.name == "th") {
            if (open) out.cells.begin_cell(out.mark());
            out.space();
        } else if (open && token.name == "img") {
            link.picture = true;
            if (const auto alt = trim(attribute(token, "alt")); !alt.empty()) {
                out.space();
                out.words(alt);
                out.space();
            }
        }
    }
    // White space around the words is not worth a place.
    html_words words{.text = out.take({&block, &rest}), .history = std::string::npos};
    const bool all_quoted =
        block != std::string::npos && block < rest && is_all_quoted(std::string_view(words.text).substr(block));
    const auto begin = std::min(words.text.find_first_not_of(" \t\r\n"), words.text.size());
    words.text.erase(words.text.find_last_not_of(" \t\r\n") + 1);
    words.text.erase(0, std::min(begin, words.text.size()));
    const auto place = [&](std::size_t at) { return at < begin ? 0 : std::min(at - begin, words.text.size()); };
    if (rest != std::string::npos) words.history = place(rest);
    if (all_quoted) words.history = place(block);
    if (!is_clean(words.text)) words.text = clean_utf8(words.text);
    return words;
}

std::string html_to_text(std::string_view html) {
    return read_html(html).text;
}

} // namespace switchboard::channels
