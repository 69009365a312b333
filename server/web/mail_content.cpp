#include "web/mail_content.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::web {
namespace {

constexpr std::size_t reserve_at_most = 1u << 20; // on the word of a stranger
constexpr std::string_view end_of_mail = ".\r\n";

} // namespace

void mail_content::begin(std::size_t announced) {
    at_line_start_ = true;
    after_cr_ = too_large_ = dropped_ = bare_lf_ = false;
    text_ = {};
    text_.reserve(std::min({announced, most_, reserve_at_most}));
}

/// Looks for line ends only, so that the mail is copied in as large parts as it came.
bool mail_content::read(std::string_view input, std::size_t& at) {
    auto from = at; // up to here all is kept
    while (at < input.size()) {
        if (at_line_start_ && input[at] == '.') {
            const auto rest = input.substr(at, end_of_mail.size());
            if (rest == end_of_mail) {
                keep(input.substr(from, at - from));
                at += end_of_mail.size();
                return true;
            }
            if (end_of_mail.starts_with(rest)) break; // it may become the end
            keep(input.substr(from, at - from));
            from = ++at; // the sender's escape
        }
        at_line_start_ = false;
        const auto lf = input.find('\n', at);
        if (lf == input.npos) {
            after_cr_ = input.back() == '\r';
            at = input.size();
            break;
        }
        at_line_start_ = lf > at ? input[lf - 1] == '\r' : after_cr_;
        bare_lf_ = bare_lf_ || !at_line_start_;
        after_cr_ = false;
        at = lf + 1;
    }
    keep(input.substr(from, at - from));
    return false;
}

void mail_content::keep(std::string_view bytes) {
    if (text_.size() + bytes.size() > most_) {
        too_large_ = true;
        text_ = {};
    }
    if (!too_large_ && !dropped_) text_.append(bytes);
}

void mail_content::drop() {
    dropped_ = true;
    text_ = {};
}

std::string mail_content::take() {
    return std::exchange(text_, {});
}

} // namespace switchboard::web
