#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels {

struct sanitized_html {
    std::string html;
    std::size_t blocked_remote_count = 0;     // pictures and backgrounds that would have been fetched from elsewhere
    std::vector<std::string> remote_pictures; // the addresses in data-remote-src, each once, in the order they stand
};

/// HTML that may stand in our page: allow-listed tags, attributes and CSS properties, balanced and re-escaped; no
/// scripts, handlers, forms, frames, ids or classes. Links open outside with rel="noopener noreferrer". Remote pictures
/// keep their address in data-remote-src until the reader asks for them; `cid:` and `data:image/…` stay. Linear time.
sanitized_html sanitize_html(std::string_view html);

/// Text as it stands in HTML, in an attribute too.
std::string escape_html(std::string_view text);

/// The words of an HTML page as plain text: blocks become lines, quotes ("blockquote") get "> ", scripts, styles and
/// the title are left out. `html` is UTF-8. Linear time.
std::string html_to_text(std::string_view html);

/// The same words, and where in them the history begins that a mail program has marked as such (class "gmail_quote", id
/// "divRplyFwdMsg", <blockquote type="cite">, …); npos where nothing is marked or somebody answers between the quotes.
struct html_words {
    std::string text;
    std::size_t history = std::string::npos;
};
html_words read_html(std::string_view html);

} // namespace switchboard::channels
