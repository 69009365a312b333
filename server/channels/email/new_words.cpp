#include "channels/email/new_words.hpp"

#include "channels/email/reply_marks.hpp"
#include "channels/email/reply_trim.hpp"
#include "channels/email/text_parts.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace switchboard::channels::email {
namespace {

/// Whether a page may hold what read_html knows as history: nearly none does that is no answer.
bool may_mark_history(std::string_view html) {
    constexpr std::string_view marks[]{"gmail_quote", "type=\"cite\"",     "type=3D\"cite\"", "moz-cite",
                                       "RplyFwdMsg",  "appendonsend",      "zwchr",           "OutlookMessageHeader",
                                       "OLK_SRC",     "reference-message", "reply-intro",     "yahoo_quoted",
                                       "_quote\""};
    return std::ranges::any_of(marks, [&](std::string_view mark) { return mentions(html, mark); });
}

std::size_t letters(std::string_view text) {
    std::size_t all = 0;
    while (!text.empty()) { // as many as a byte can count, which is what makes the inner loop a vector's
        const auto block = text.substr(0, 255);
        std::uint8_t some = 0;
        for (const char c : block) some = static_cast<std::uint8_t>(some + (static_cast<unsigned char>(c) > ' '));
        all += some;
        text.remove_prefix(block.size());
    }
    return all;
}

/// The text for trimming: a signature ends its part, not what the other parts say.
std::string joined_text(const mail_body& body) {
    std::string out;
    std::size_t from = 0;
    for (const auto joint : body.joints) {
        if (joint <= from || joint >= body.text.size()) continue;
        out += without_signature(std::string_view(body.text).substr(from, joint - from)) + "\n";
        from = joint;
    }
    return out + body.text.substr(from);
}

} // namespace

std::string new_words(const mail_body& body, const std::string& subject) {
    auto reply = body.joints.empty() ? trim_reply(body.text, subject) : trim_reply(joined_text(body), subject);
    if (body.html.empty() || is_forward_subject(subject)) return reply;
    html_words page;
    std::string_view view = body.text;
    if (body.history != std::string::npos) {
        page.history = body.history;
    } else {
        // Beside a text of its own the page is asked only where that text leaves doubt.
        const bool whole = reply.size() >= trim(body.text).size(), introduces = reply.ends_with(':');
        if (!(whole || introduces) || !may_mark_history(body.html)) return reply;
        page = read_html(body.html);
        view = page.text;
    }
    if (page.history >= view.size()) return reply;
    auto marked = trim_reply(view.substr(0, page.history), subject);
    // Both views say the same in other white space and marks: only a real difference is history.
    return letters(marked) == 0 || letters(marked) * 10 > letters(reply) * 9 ? reply : marked;
}

} // namespace switchboard::channels::email
