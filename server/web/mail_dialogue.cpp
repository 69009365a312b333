#include "web/mail_dialogue.hpp"

#include "web/mail_address.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace switchboard::web {
namespace {

constexpr std::size_t longest_line = 2048; // of a command; RFC 5321 asks for 512 and more for each extension
constexpr int most_complaints = 20;        // a guesser, or somebody who speaks something else

bool is_word(std::string_view text, std::string_view lower_case) {
    return lower_ascii(text) == lower_case;
}

std::optional<std::size_t> read_size(std::string_view digits) {
    std::size_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error == std::errc::result_out_of_range) return static_cast<std::size_t>(-1);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return out;
}

} // namespace

mail_dialogue::mail_dialogue(mail_terms terms) : terms_{std::move(terms)}, content_{terms_.message_bytes} {
    const bool lmtp = terms_.protocol == mail_protocol::lmtp;
    replies_ = fmt::format("220 {} {} Switchboard\r\n", terms_.hostname, lmtp ? "LMTP" : "ESMTP");
}

void mail_dialogue::feed(std::string_view bytes) {
    input_.erase(0, at_);
    at_ = 0;
    input_ += bytes;
}

std::string mail_dialogue::take_replies() {
    return std::exchange(replies_, {});
}

void mail_dialogue::reply(int code, std::string_view enhanced, std::string_view text) {
    fmt::format_to(std::back_inserter(replies_), "{} {}{}{}\r\n", code, enhanced, enhanced.empty() ? "" : " ", text);
}

void mail_dialogue::complain(int code, std::string_view enhanced, std::string_view text) {
    reply(code, enhanced, text);
    if (++complaints_ >= most_complaints) dismiss("too many errors");
}

void mail_dialogue::dismiss(std::string_view why) {
    if (pending_ == need::end) return;
    reply(421, why == "too many errors" ? "4.7.0" : "4.3.2", fmt::format("{} {}", terms_.hostname, why));
    pending_ = need::end;
}

mail_dialogue::need mail_dialogue::next() {
    while (pending_ == need::input) {
        if (in_content_) {
            if (!content_.read(input_, at_)) return need::input;
            end_of_content();
            continue;
        }
        const auto end = input_.find("\r\n", at_);
        if (end == input_.npos) {
            // A CR at the end may be half of what ends the line.
            if (input_.size() - at_ > longest_line + 1) {
                skipping_line_ = true;
                at_ = input_.size() - (input_.back() == '\r' ? 1 : 0);
            }
            return need::input;
        }
        const auto line = std::string_view{input_}.substr(at_, end - at_);
        at_ = end + 2;
        if (std::exchange(skipping_line_, false) || line.size() > longest_line)
            complain(500, "5.5.2", "line too long");
        else if (line.find_first_of(std::string_view{"\n\0", 2}) != line.npos)
            complain(500, "5.5.2", "a line ends with CRLF");
        else
            command(line);
    }
    return pending_;
}

void mail_dialogue::command(std::string_view line) {
    const auto blank = std::min(line.find(' '), line.size());
    const auto verb = lower_ascii(line.substr(0, blank));
    const auto rest = trim(line.substr(blank));
    if (verb == "helo" || verb == "ehlo" || verb == "lhlo") return hello(verb, rest);
    if (verb == "mail") return mail_from(rest);
    if (verb == "rcpt") return rcpt_to(rest);
    if (verb == "data") return data(rest);
    if (verb == "starttls") return start_tls(rest);
    if (verb == "rset") {
        forget_mail();
        return reply(250, "2.0.0", "OK");
    }
    if (verb == "noop") return reply(250, "2.0.0", "OK");
    if (verb == "vrfy") return reply(252, "2.5.0", "send some mail and see");
    if (verb == "help") return reply(214, "2.0.0", "see RFC 5321");
    if (verb == "quit") {
        reply(221, "2.0.0", fmt::format("{} bye", terms_.hostname));
        pending_ = need::end;
        return;
    }
    if (verb == "expn" || verb == "turn" || verb == "auth" || verb == "bdat")
        return complain(502, "5.5.1", "this is not offered");
    complain(500, "5.5.2", "unknown command");
}

void mail_dialogue::hello(std::string_view verb, std::string_view name) {
    if ((verb == "lhlo") != (terms_.protocol == mail_protocol::lmtp))
        return complain(500, "5.5.1",
                        terms_.protocol == mail_protocol::lmtp ? "this is LMTP: say LHLO" : "this is SMTP: say EHLO");
    if (name.empty()) return complain(501, "5.5.4", "and who are you?");
    forget_mail();
    greeted_ = true;
    extended_ = verb != "helo";
    if (!extended_) return reply(250, "", terms_.hostname);
    fmt::format_to(
        std::back_inserter(replies_),
        "250-{}\r\n250-PIPELINING\r\n250-SIZE {}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n{}250 ENHANCEDSTATUSCODES\r\n",
        terms_.hostname, terms_.message_bytes, terms_.offers_tls && !tls_ ? "250-STARTTLS\r\n" : "");
}

void mail_dialogue::mail_from(std::string_view rest) {
    if (!greeted_) return complain(503, "5.5.1", "say who you are first");
    if (has_sender_) return complain(503, "5.5.1", "one mail after the other");
    if (rest.size() < 5 || !is_word(rest.substr(0, 5), "from:")) return complain(501, "5.5.4", "MAIL FROM:<address>");
    auto path = read_path(rest.substr(5));
    if (!path) return complain(501, "5.1.7", "this is no address");
    std::size_t size = 0;
    bool utf8 = false;
    for (const auto& [name, value] : path->parameters) {
        if (name == "SIZE") {
            const auto said = read_size(value);
            if (!said) return complain(501, "5.5.4", "SIZE= takes a number");
            size = *said;
        } else if (name == "BODY") {
            if (!is_word(value, "7bit") && !is_word(value, "8bitmime"))
                return complain(501, "5.5.4", "BODY= is 7BIT or 8BITMIME");
        } else if (name == "SMTPUTF8" && value.empty()) {
            utf8 = true;
        } else {
            return complain(555, "5.5.4", "this parameter is not offered");
        }
    }
    if (!utf8 && !is_ascii(path->address)) return complain(553, "5.6.7", "such an address needs SMTPUTF8");
    if (clean_utf8(path->address) != path->address) return complain(501, "5.1.7", "this is not UTF-8");
    if (size > terms_.message_bytes)
        return reply(552, "5.3.4", fmt::format("more than {} bytes are not taken", terms_.message_bytes));
    announced_ = size;
    utf8_ = utf8;
    has_sender_ = true;
    mail_.from = std::move(path->address);
    reply(250, "2.1.0", "OK");
}

void mail_dialogue::rcpt_to(std::string_view rest) {
    if (!has_sender_) return complain(503, "5.5.1", "MAIL comes first");
    if (rest.size() < 3 || !is_word(rest.substr(0, 3), "to:")) return complain(501, "5.5.4", "RCPT TO:<address>");
    auto path = read_path(rest.substr(3));
    if (!path || path->address.empty()) return complain(501, "5.1.3", "this is no address");
    if (!path->parameters.empty()) return complain(555, "5.5.4", "this parameter is not offered");
    if (!utf8_ && !is_ascii(path->address)) return complain(553, "5.6.7", "such an address needs SMTPUTF8");
    if (clean_utf8(path->address) != path->address) return complain(501, "5.1.3", "this is not UTF-8");
    if (mail_.recipients.size() >= terms_.recipients)
        return reply(452, "4.5.3", "too many recipients; send the rest apart");
    asked_ = std::move(path->address);
    pending_ = need::recipient;
}

void mail_dialogue::answer_recipient(recipient_answer answer) {
    pending_ = need::input;
    switch (answer) {
    case recipient_answer::ours:
        mail_.recipients.push_back(std::move(asked_));
        return reply(250, "2.1.5", "OK");
    case recipient_answer::unknown:
        return reply(550, "5.1.1", "there is no such mailbox here");
    case recipient_answer::off:
        return reply(450, "4.2.1", "this mailbox is switched off");
    case recipient_answer::not_now:
        return reply(451, "4.3.0", "try again later");
    }
}

void mail_dialogue::data(std::string_view rest) {
    if (!rest.empty()) return complain(501, "5.5.4", "DATA stands alone");
    if (!has_sender_) return complain(503, "5.5.1", "MAIL comes first");
    if (mail_.recipients.empty()) return complain(503, "5.5.1", "no recipient was taken");
    reply(354, "", "end with <CRLF>.<CRLF>");
    in_content_ = true;
    content_.begin(announced_);
}

void mail_dialogue::start_tls(std::string_view rest) {
    if (!terms_.offers_tls || tls_) return complain(502, "5.5.1", "this is not offered");
    if (!rest.empty()) return complain(501, "5.5.4", "STARTTLS stands alone");
    // What was sent behind it came without TLS, from whoever stands between: it must never count as said under TLS.
    if (at_ < input_.size()) return dismiss("nothing may follow STARTTLS");
    reply(220, "2.0.0", "go ahead");
    pending_ = need::tls;
}

void mail_dialogue::tls_started() {
    input_.clear();
    at_ = 0;
    forget_mail();
    greeted_ = extended_ = false; // RFC 3207 4.2
    tls_ = true;
    pending_ = need::input;
}

void mail_dialogue::end_of_content() {
    in_content_ = false;
    const auto refuse = [this](int code, std::string_view enhanced, std::string_view text) {
        const auto times = terms_.protocol == mail_protocol::lmtp ? mail_.recipients.size() : 1;
        for (std::size_t i = 0; i < times; ++i) reply(code, enhanced, text);
        forget_mail();
    };
    if (content_.too_large()) return refuse(552, "5.3.4", "the mail is too large");
    if (content_.dropped()) return refuse(452, "4.3.1", "there is no room for it now");
    if (content_.has_bare_lf()) return refuse(550, "5.5.2", "bare <LF> in the mail");
    pending_ = need::delivery;
}

mail_message mail_dialogue::take_message() {
    auto out = mail_;
    out.content = content_.take();
    out.remote = terms_.remote;
    return out;
}

void mail_dialogue::answer_delivery(std::span<const delivery_answer> answers) {
    const auto say = [this](delivery_answer a) {
        switch (a) {
        case delivery_answer::kept:
            return reply(250, "2.0.0", "kept");
        case delivery_answer::not_now:
            return reply(451, "4.3.0", "it could not be kept; try again later");
        case delivery_answer::overloaded:
            return reply(452, "4.3.1", "too much is waiting; try again later");
        case delivery_answer::refused:
            return reply(554, "5.6.0", "this is not taken");
        }
    };
    pending_ = need::input;
    const auto wanted = mail_.recipients.size();
    const auto of = [&](std::size_t i) { return i < answers.size() ? answers[i] : delivery_answer::not_now; };
    if (terms_.protocol == mail_protocol::lmtp) {
        for (std::size_t i = 0; i < wanted; ++i) say(of(i));
    } else {
        // One answer for all: while one of them must come again, all do, and the others find their repeat.
        auto worst = delivery_answer::kept;
        for (std::size_t i = 0; i < wanted; ++i) {
            const auto a = of(i);
            if (a == delivery_answer::not_now || a == delivery_answer::overloaded) worst = a;
            if (a == delivery_answer::refused && worst == delivery_answer::kept) worst = a;
        }
        say(worst);
    }
    forget_mail();
}

void mail_dialogue::shed() {
    content_.drop();
    if (pending_ != need::delivery) return;
    pending_ = need::input; // it came to its end with the bytes that were too many
    end_of_content();
}

void mail_dialogue::forget_mail() {
    has_sender_ = utf8_ = in_content_ = false;
    announced_ = 0;
    mail_ = {};
    content_.begin(0);
}

} // namespace switchboard::web
