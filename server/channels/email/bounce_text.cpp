#include "channels/email/bounce_text.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/bounce_cause.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_lines = 2000; // a report that is longer than this is not prose
constexpr int most_second_looks = 50;    // at the whole report, for recipients whose own lines explain nothing

bool is_address_char(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0 ||
           std::string_view(".!#$%&'*+/=?^_`{|}~-").contains(c);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty() && out.size() < most_lines) {
        const auto end = text.find('\n');
        out.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

/// The address around the "@" at `at`; its bounds in the text.
std::optional<std::pair<std::size_t, std::size_t>> address_around(std::string_view text, std::size_t at) {
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && is_address_char(text[begin - 1])) --begin;
    while (end < text.size() && (is_address_char(text[end]) || text[end] == '[' || text[end] == ']')) ++end;
    while (begin < at && std::string_view("'.*=").contains(text[begin])) ++begin;
    while (end > at + 1 && std::string_view(".'-*]!?|").contains(text[end - 1])) --end;
    const auto domain = text.substr(at + 1, end - at - 1);
    if (begin == at || domain.size() < 2 || end - begin > 320) return std::nullopt;
    if (domain.contains('@') || domain.contains("..")) return std::nullopt;
    return std::pair{begin, end};
}

constexpr std::array<std::string_view, 16> returned_fields{
    "received",       "return-path", "message-id",   "from",     "to",         "date",     "subject", "mime-version",
    "dkim-signature", "x-received",  "content-type", "x-mailer", "user-agent", "reply-to", "cc",      "arc-seal"};

bool is_returned_field(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 40 || line.front() == ' ' || line.front() == '\t')
        return false;
    const std::string name = lower_ascii(line.substr(0, colon));
    if (std::ranges::find(returned_fields, name) != returned_fields.end()) return true;
    return (name.starts_with("x-") && !name.starts_with("x-postfix")) || name.starts_with("arc-") ||
           name.starts_with("list-");
}

bool is_identifying_field(std::string_view line) {
    const std::string start = lower_ascii(line.substr(0, 12));
    for (const std::string_view name : {"received:", "message-id:", "from:", "date:", "return-path:"})
        if (start.starts_with(name)) return true;
    return false;
}

/// An address that a line begins with, as servers list them: "<a@b>:", "a@b", "* a@b", "\"a@b\":", ">>> a@b".
std::optional<std::string> leading_address(std::string_view line) {
    line = trim(line);
    while (!line.empty() && std::string_view("*>-|<\"'[( \t").contains(line.front())) line.remove_prefix(1);
    // "550 5.1.1 <someone@example.com>... User unknown" leads with it too.
    if (line.size() > 4 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]) &&
        (line[3] == ' ' || line[3] == '-')) {
        line.remove_prefix(4);
        while (!line.empty() && (is_digit(line.front()) || std::string_view(".# <").contains(line.front())))
            line.remove_prefix(1);
    }
    for (const std::string_view tag : {"SMTP:", "smtp:", "smtp;", "mailto:", "rfc822;", "rfc822:", "Recipient: <",
                                       "Recipient address: ", "Recipient: "})
        if (line.starts_with(tag)) line.remove_prefix(tag.size());
    const auto at = line.substr(0, 321).find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const auto found = address_around(line, at);
    if (!found || found->first != 0) return std::nullopt;
    return canonical_address(line.substr(0, found->second));
}

// Lines that name addresses which are not those of recipients.
bool names_others(std::string_view line) {
    static constexpr std::array<std::string_view, 17> words{
        "mail from",     "http:",     "https:",         "contact",   "support",      "postmaster",
        "mailer-daemon", "abuse",     "help",           "sender",    "originat",     "from:",
        "message-id",    "reporting", "generated from", "x-postfix", "envelope-from"};
    const std::string lower = lower_ascii(line);
    return std::ranges::any_of(words, [&](std::string_view word) { return lower.contains(word); });
}

struct mention {
    std::string address;
    std::size_t line;
    bool reply; // stands in a line of the dialogue: what explains it comes before
};

bool is_known(const std::vector<mention>& all, std::string_view address) {
    return std::ranges::find(all, address, &mention::address) != all.end();
}

bool is_one_of(const std::vector<std::string>& list, std::string_view address) {
    return std::ranges::find(list, address) != list.end();
}

bool is_reply_line(std::string_view line) {
    line = trim(line);
    if (line.starts_with("<<<")) line = trim(line.substr(3));
    return line.size() > 4 && (line[0] == '4' || line[0] == '5') && is_digit(line[1]) && is_digit(line[2]) &&
           (line[3] == ' ' || line[3] == '-');
}

std::vector<mention> find_mentions(const std::vector<std::string_view>& lines, const std::vector<std::string>& own) {
    std::vector<mention> leading, within;
    for (std::size_t i = 0; i < lines.size() && leading.size() < most_recipients; ++i) {
        const bool dialogue = trim(lines[i]).starts_with(">>>") || trim(lines[i]).starts_with("<<<");
        if (auto address = leading_address(lines[i]);
            address && !is_one_of(own, *address) && !is_known(leading, *address)) {
            if (!dialogue || !names_others(lines[i]))
                leading.push_back({std::move(*address), i, is_reply_line(lines[i])});
            continue;
        }
        if (names_others(lines[i])) continue;
        for (auto& address : addresses_in_text(lines[i]))
            if (!is_one_of(own, address) && !is_known(within, address) && within.size() < most_recipients)
                within.push_back({std::move(address), i, false});
    }
    return leading.empty() ? within : leading;
}

std::string join(const std::vector<std::string_view>& lines, std::size_t begin, std::size_t end) {
    std::string out;
    end = std::min(end, lines.size()); // a recipient that only a field names stands behind the last line
    for (std::size_t i = begin; i < end && out.size() < 8 * longest_reason; ++i) {
        const auto words = trim(lines[i]);
        if (words.empty()) continue;
        if (!out.empty()) out += '\n';
        out += words;
    }
    return out;
}

/// All lines that name an address, each with the next: what a transcript says about it.
std::string lines_about(const std::vector<std::string_view>& lines, const std::vector<std::string>& lower,
                        std::string_view address) {
    std::string out;
    for (std::size_t i = 0; i < lines.size() && out.size() < 4 * longest_reason; ++i) {
        if (!lower[i].contains(address)) continue;
        const bool wraps = i + 1 < lines.size() && !is_reply_line(lines[i + 1]) && !leading_address(lines[i + 1]);
        out += join(lines, i, std::min(i + (wraps ? 2 : 1), lines.size()));
        out += '\n';
    }
    return out;
}

} // namespace

std::vector<std::string> addresses_in_text(std::string_view text) {
    std::vector<std::string> out;
    for (auto at = text.find('@'); at != std::string_view::npos && out.size() < most_recipients;
         at = text.find('@', at + 1)) {
        const auto from = at > 320 ? at - 320 : 0;
        const auto near = text.substr(from, 640);
        const auto found = address_around(near, at - from);
        if (!found) continue;
        auto address = canonical_address(near.substr(found->first, found->second - found->first));
        if (!is_one_of(out, address)) out.push_back(std::move(address));
    }
    return out;
}

std::pair<std::string_view, std::string_view> split_report(std::string_view text) {
    std::size_t at = 0;
    for (std::size_t tries = 0; at < text.size() && tries < most_lines; ++tries) {
        const auto end = std::min(text.find('\n', at), text.size());
        if (is_returned_field(text.substr(at, end - at))) {
            int fields = 0, telling = 0, strangers = 0;
            std::size_t look = at;
            for (int i = 0; i < 60 && look < text.size() && fields < 6 && strangers < 2; ++i) {
                const auto stop = std::min(text.find('\n', look), text.size());
                const auto line = text.substr(look, stop - look);
                look = stop + 1;
                if (trim(line).empty()) break;
                if (line.front() == ' ' || line.front() == '\t') continue;
                fields += is_returned_field(line);
                telling += is_identifying_field(line);
                strangers += !is_returned_field(line);
            }
            if (fields >= 3 && telling >= 1) return {text.substr(0, at), text.substr(at)};
        }
        at = end + 1;
    }
    return {text, {}};
}

std::vector<failed_recipient> recipients_in_text(std::string_view report, std::string_view subject,
                                                 const std::vector<std::string>& own,
                                                 const std::vector<std::string>& listed) {
    const auto lines = lines_of(report);
    auto mentions = find_mentions(lines, own);
    if (mentions.empty() && listed.empty()) mentions = find_mentions(lines, {}); // somebody wrote to himself
    if (!listed.empty()) {
        std::erase_if(mentions, [&](const mention& m) { return !is_one_of(listed, m.address); });
        for (const auto& address : listed)
            if (!is_known(mentions, address)) mentions.push_back({address, lines.size(), false});
    }
    const bool delayed = says_delayed(report, subject);
    std::vector<std::string> lower;
    int second_looks = 0;
    std::optional<refusal> of_whole;

    std::vector<failed_recipient> out;
    std::size_t last_end = 0;
    for (std::size_t i = 0; i < mentions.size(); ++i) {
        const auto& m = mentions[i];
        const auto next = i + 1 < mentions.size() ? std::max(mentions[i + 1].line, m.line + 1) : lines.size();
        std::string said =
            m.reply ? join(lines, last_end, std::min(m.line + 1, lines.size())) : join(lines, m.line, next);
        last_end = m.line + 1;
        failed_recipient r{.address = m.address,
                           .action = delayed ? "delayed" : "failed",
                           .status = {},
                           .severity = {},
                           .cause = {},
                           .reason = {}};
        auto verdict = judge_refusal(said, {}, r.action, command_in(said));
        if (verdict.cause.empty() && ++second_looks <= most_second_looks) {
            if (lower.empty()) std::ranges::transform(lines, std::back_inserter(lower), lower_ascii);
            const auto about = lines_about(lines, lower, m.address);
            const auto again = judge_refusal(about, {}, r.action, command_in(about));
            if (!again.cause.empty()) {
                verdict = again;
                said = about;
            }
        }
        if (verdict.cause.empty()) {
            // Mentioned once at the top, explained for all below.
            if (!of_whole) {
                const auto whole = std::string(report.substr(0, 16 * longest_reason)) + "\n" + std::string(subject);
                of_whole = judge_refusal(whole, {}, r.action, command_in(whole));
            }
            verdict.cause = of_whole->cause;
            verdict.severity = of_whole->severity;
            if (verdict.status.empty()) verdict.status = of_whole->status;
        }
        r.status = std::move(verdict.status);
        r.severity = std::move(verdict.severity);
        r.cause = std::move(verdict.cause);
        r.reason = truncate_utf8(trim(said), longest_reason);
        out.push_back(std::move(r));
    }
    return out;
}

bool says_delayed(std::string_view report, std::string_view subject) {
    static constexpr std::array<std::string_view, 18> words{"warning message only",
                                                            "this is a warning only",
                                                            "do not need to resend",
                                                            "not yet been delivered",
                                                            "has not been delivered yet",
                                                            "will be retried",
                                                            "delivery attempts will continue",
                                                            "still being retried",
                                                            "will keep trying",
                                                            "will continue to be attempted",
                                                            "has been delayed",
                                                            "is delayed",
                                                            "could not send message for past",
                                                            "will try again",
                                                            "temporarily delayed",
                                                            "noch nicht zugestellt",
                                                            "wurde noch nicht",
                                                            "n'a pas encore été"};
    static constexpr std::array<std::string_view, 7> subjects{"delayed",
                                                              "(delay)",
                                                              "warning: ",
                                                              "delay notification",
                                                              "verzögert",
                                                              "could not send message for past",
                                                              "still being retried"};
    const std::string text = lower_ascii(report.substr(0, 8000)), title = lower_ascii(subject);
    return std::ranges::any_of(words, [&](std::string_view w) { return text.contains(w); }) ||
           std::ranges::any_of(subjects, [&](std::string_view w) { return title.contains(w); });
}

bool sounds_like_bounce(std::string_view report) {
    static constexpr std::array<std::string_view, 34> words{"could not be delivered",
                                                            "couldn't be delivered",
                                                            "could not deliver",
                                                            "cannot be delivered",
                                                            "unable to deliver",
                                                            "wasn't able to deliver",
                                                            "was not delivered",
                                                            "not be delivered to",
                                                            "undeliverable",
                                                            "delivery failed",
                                                            "failed permanently",
                                                            "delivery to the following",
                                                            "did not reach",
                                                            "error delivering your mail",
                                                            "failed addresses",
                                                            "failure reasons",
                                                            "delivery errors",
                                                            "delivery problems",
                                                            "fatal errors",
                                                            "rejected by a remote",
                                                            "transcript of session",
                                                            "returned message",
                                                            "bounced e-mail",
                                                            "message was rejected",
                                                            "mailbox exceeds",
                                                            "invalid final delivery",
                                                            "delivery status notification",
                                                            "has been delayed",
                                                            "not yet been delivered",
                                                            "konnte nicht zugestellt",
                                                            "n'a pas pu être",
                                                            "no se pudo entregar",
                                                            "не может быть доставлено",
                                                            "送信できませんでした"};
    static constexpr std::array<std::string_view, 4> more{"trouble delivering your message", "unable to be delivered",
                                                          "aborted after", "user's mailbox is full"};
    const std::string text = lower_ascii(report.substr(0, 8000));
    const auto said = [&](std::string_view w) { return text.contains(w); };
    return std::ranges::any_of(words, said) || std::ranges::any_of(more, said);
}

bool is_bounce_subject(std::string_view subject) {
    static constexpr std::array<std::string_view, 43> words{"undeliver",
                                                            "undelivered",
                                                            "failure notice",
                                                            "returned mail",
                                                            "delivery status notification",
                                                            "delivery notification",
                                                            "delivery failure",
                                                            "delivery failed",
                                                            "delivery report",
                                                            "delayed",
                                                            "delivery status",
                                                            "mail delivery",
                                                            "mail system error",
                                                            "message delivery",
                                                            "nondeliver",
                                                            "non-deliver",
                                                            "non delivery",
                                                            "could not be delivered",
                                                            "could not send message",
                                                            "message delayed",
                                                            "mail failure",
                                                            "mail failed",
                                                            "returned to sender",
                                                            "failure delivery",
                                                            "bounce notification",
                                                            "rejected mail",
                                                            "sending your mail",
                                                            "mail status report",
                                                            "unzustellbar",
                                                            "nicht zugestellt",
                                                            "zustellung",
                                                            "non remis",
                                                            "non recapitabile",
                                                            "no se puede entregar",
                                                            "no entregado",
                                                            "não entregue",
                                                            "onbestelbaar",
                                                            "niet bezorgd",
                                                            "kunne ikke leveres",
                                                            "kan inte levereras",
                                                            "не доставлено",
                                                            "配信不能",
                                                            "配信できません"};
    const std::string lower = lower_ascii(subject);
    if (lower.starts_with("re:") || lower.starts_with("fw")) return false;
    return std::ranges::any_of(words, [&](std::string_view w) { return lower.contains(w); });
}

} // namespace switchboard::channels::email
