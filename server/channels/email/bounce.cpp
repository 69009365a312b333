#include "channels/email/bounce.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/bounce_cause.hpp"
#include "channels/email/bounce_fields.hpp"
#include "channels/email/bounce_text.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/feedback.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_set>

namespace switchboard::channels::email {
namespace {

bool is_delivery(std::string_view action) {
    return action == "delivered" || action == "relayed" || action == "expanded" || action == "deliverable";
}

/// The prose around a report, which every recipient of it asks. A report may name a thousand, so it is read once, and
/// only so many get an answer that costs another look.
class prose {
public:
    explicit prose(std::string_view context) : context_{context}, lower_{lower_ascii(context.substr(0, 32u << 10))} {}

    /// What it says at the place where it repeats a reply: "(in reply to RCPT TO command)", or the ">>>" line above it.
    smtp_command command_beside(std::string_view diagnostic, std::string_view address) {
        if (const auto own = command_in(diagnostic); own != smtp_command::unknown) return own;
        if (lower_.empty() || ++commands_ > most_commands) return smtp_command::unknown;
        const std::string_view lower = lower_;
        // The dialogue line that refuses this address, or the only one that refuses at all.
        auto at = std::string_view::npos;
        for (auto line = lower.find("<<< "); line != lower.npos; line = lower.find("<<< ", line + 4)) {
            const auto text = lower.substr(line, lower.find('\n', line) - line);
            if (text.size() < 5 || (text[4] != '5' && text[4] != '4')) continue;
            if (at == lower.npos || (!address.empty() && text.contains(address))) at = line;
            if (!address.empty() && text.contains(address)) break;
        }
        if (at != lower.npos) {
            const auto command = lower.rfind(">>> ", at);
            if (command != lower.npos) return command_in(lower.substr(command, lower.find('\n', command) - command));
        }
        const auto named = address.empty() ? lower.npos : lower.find(address);
        return command_in(lower.substr(named == lower.npos ? 0 : named));
    }

    /// What its words come to beside that status and action; none where they say nothing.
    std::optional<refusal> verdict(const std::string& status, const std::string& action) {
        if (context_.empty()) return std::nullopt;
        const auto known = verdicts_.find({status, action});
        if (known != verdicts_.end()) return known->second;
        if (verdicts_.size() == most_verdicts) return std::nullopt;
        if (verdicts_.empty()) report_ = split_report(context_).first;
        auto said = judge_refusal(report_, status, action, smtp_command::unknown);
        auto& kept = verdicts_[{status, action}];
        if (!said.cause.empty()) kept = std::move(said);
        return kept;
    }

private:
    static constexpr int most_commands = 100;
    static constexpr std::size_t most_verdicts = 8;

    std::string_view context_, report_;
    std::string lower_;
    int commands_ = 0;
    std::map<std::pair<std::string, std::string>, std::optional<refusal>> verdicts_;
};

void judge(failed_recipient& r, prose& around) {
    if (is_delivery(r.action)) return;
    if (r.action.empty() && r.status.starts_with("2.")) {
        r.action = "delivered";
        return;
    }
    if (r.action != "delayed") r.action = "failed";
    auto verdict = judge_refusal(r.reason, r.status, r.action, around.command_beside(r.reason, r.address));
    // A report that gives no reason in its fields has it in its prose.
    if (r.reason.empty())
        if (auto said = around.verdict(r.status, r.action)) verdict = std::move(*said);
    r.severity = std::move(verdict.severity);
    r.cause = std::move(verdict.cause);
    if (!verdict.status.empty()) r.status = std::move(verdict.status);
}

/// The parts of a report that stand in plain text, where a gateway or a broken server has put them.
std::vector<failed_recipient> status_in_text(std::string_view text, std::string_view context) {
    static constexpr std::array<std::string_view, 2> starts{"final-recipient:", "original-recipient:"};
    const std::string lower = lower_ascii(text.substr(0, 256u << 10));
    auto at = std::string::npos;
    for (const auto name : starts) at = std::min(at, lower.find(name));
    if (at == std::string::npos) return {};
    // Back to the beginning of its block, where Action and Status may stand first.
    const auto blank = lower.rfind("\n\n", at);
    const auto dos_blank = lower.rfind("\r\n\r\n", at);
    std::size_t begin = 0;
    if (blank != std::string::npos) begin = blank + 2;
    if (dos_blank != std::string::npos) begin = std::max(begin, dos_blank + 4);
    std::string part;
    for (auto rest = text.substr(begin, 64u << 10); !rest.empty();) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        // Some indent the whole of it; then a known name still begins a field.
        const std::string name = lower_ascii(trim(line.substr(0, line.find(':'))));
        const bool known = name == "final-recipient" || name == "original-recipient" || name == "action" ||
                           name == "status" || name == "diagnostic-code" || name == "remote-mta";
        part.append(known ? trim(line) : line).append("\n");
    }
    return read_delivery_status(part, context);
}

std::vector<std::string> listed_recipients(const mail_headers& headers) {
    std::vector<std::string> out;
    for (const auto* raw : headers.all("x-failed-recipients"))
        for (auto& address : addresses_in_text(*raw))
            if (out.size() < most_recipients) out.push_back(std::move(address));
    return out;
}

std::string value_of(std::string_view header_text, std::string_view wanted) {
    std::string found;
    bool over = false;
    each_field(header_text, [&](std::string_view name, std::string_view value) {
        over = over || name.empty();
        if (!over && found.empty() && name == wanted) found = value;
    });
    return found;
}

/// Which mail it was: the returned header says it; some servers answer like people, with References.
std::string find_original(const report_source& mail, std::string_view returned) {
    if (auto id = original_message_id(returned); !id.empty()) return id;
    // "Message-ID: <…>" amid the prose, indented as servers like it.
    const std::string lower = lower_ascii(mail.body.text);
    if (const auto at = lower.find("message-id:"); at != std::string::npos) {
        const auto line = std::string_view(mail.body.text).substr(at + 11, mail.body.text.find('\n', at) - at - 11);
        if (auto ids = message_ids(line); !ids.empty()) return ids.front();
    }
    for (const std::string_view field :
         {"in-reply-to", "references", "x-ms-original-message-id", "original-message-id"})
        if (const auto* raw = mail.headers.raw(field))
            if (auto ids = message_ids(*raw); !ids.empty()) return ids.back();
    return {};
}

struct suspicion {
    bool certain = false; // what a server sent, whatever else it says
    bool daemon = false, postmaster = false, robot = false, title = false;
    bool any() const { return certain || daemon || postmaster || robot || title; }
};

/// What the header alone says: nearly every mail ends here.
suspicion suspect(const report_source& mail) {
    const std::string type = lower_ascii(mail.headers.text("content-type"));
    const std::string_view local = std::string_view(mail.from.value).substr(0, mail.from.value.find('@'));
    const std::string sender = lower_ascii(mail.from.name.empty() ? mail.from.value : mail.from.name);
    const auto called = [&](std::string_view name) { return local.contains(name) || sender.contains(name); };
    const bool report = type.contains("multipart/report") && !type.contains("disposition-notification") &&
                        !type.contains("feedback-report");
    suspicion out;
    out.certain = !mail.body.delivery_status.empty() || report || mail.headers.has("x-failed-recipients");
    out.daemon = called("mailer-daemon") || called("mail-daemon") || called("maildaemon") || called("mailerdaemon") ||
                 called("mail delivery sub");
    out.postmaster = mail.null_sender || local.empty() || called("postmaster") || called("mail delivery") ||
                     called("system administrator");
    out.robot = called("reply");
    out.title = is_bounce_subject(mail.headers.text("subject"));
    // An answer of a person, or of his absence, may quote anything.
    if (mail.headers.token("auto-submitted").starts_with("auto-replied") && !out.title && !out.daemon && !out.certain)
        return {};
    return out;
}

/// Whether it speaks like a bounce too. A shop writes of parcels that could not be delivered, and so do people.
bool is_likely(const suspicion& s, const report_source& mail, bool returned) {
    if (s.daemon || (s.postmaster && s.title)) return true;
    const bool may = s.postmaster || (returned && (s.title || s.robot) && !mail.headers.has("in-reply-to"));
    return may && sounds_like_bounce(mail.body.text);
}

/// Whatever else fails: the people to whom the returned mail went, or whom the address of the bounce names (VERP).
std::vector<failed_recipient> from_returned_header(const report_source& mail, std::string_view returned,
                                                   std::string_view report, std::string_view subject) {
    std::vector<std::string> to = addresses_in_text(value_of(returned, "to"));
    if (to.empty()) to = addresses_in_text(value_of(returned, "x-failed-recipients"));
    if (to.empty()) {
        const auto received = value_of(returned, "received");
        if (const auto at = received.find(" for "); at != std::string::npos)
            to = addresses_in_text(std::string_view(received).substr(at));
        if (to.size() > 1) to.resize(1);
    }
    for (const auto& own : mail.own) {
        if (!to.empty()) break;
        const auto at = own.find('@'), equals = own.substr(0, at).rfind('=');
        const auto begin = equals == std::string::npos ? std::string::npos : own.find_last_of("+-", equals);
        if (begin != std::string::npos)
            to.push_back(own.substr(begin + 1, equals - begin - 1) + "@" + own.substr(equals + 1, at - equals - 1));
    }
    if (to.empty()) return {};
    return recipients_in_text(report, subject, mail.own, to);
}

/// A report that somebody forwarded whole, or that stands in a part of its own.
std::string_view inner_text(const report_source& mail) {
    for (const auto& file : mail.body.attachments)
        if (file.type.starts_with("message/") &&
            (file.content.contains("Final-Recipient:") || file.content.contains("Final-recipient:") ||
             file.content.contains("delivery-status")))
            return file.content;
    return {};
}

/// The returned header where it comes as a file, or as a mail with an empty line before its header.
std::string_view returned_in_files(const mail_body& body) {
    constexpr std::size_t longest = 1u << 20, before_header = 500;
    for (const auto& file : body.attachments) {
        if (!(file.type.starts_with("text/") || file.type.starts_with("message/")) || file.content.size() > longest)
            continue;
        const auto [before, header] = split_report(trim(file.content));
        if (!header.empty() && before.size() < before_header) return header;
    }
    return {};
}

} // namespace

std::vector<failed_recipient> read_delivery_status(std::string_view part, std::string_view context) {
    std::vector<failed_recipient> recipients;
    failed_recipient current;
    std::string original;
    prose around{context};
    std::unordered_set<std::string> known;
    const auto flush = [&] {
        if (!current.address.contains('@') && original.contains('@')) current.address = original;
        if (current.address.empty()) current.address = original;
        if (!current.address.empty() && recipients.size() < most_recipients && !known.contains(current.address)) {
            judge(current, around);
            current.reason = truncate_utf8(current.reason, longest_reason);
            if (!current.action.empty() || !current.status.empty()) {
                known.insert(current.address);
                recipients.push_back(std::move(current));
            }
        }
        current = {};
        original.clear();
    };
    bool begun = false;
    each_field(part, [&](std::string_view name, std::string_view value) {
        const std::string text = to_utf8(value, {});
        // Two recipients without a blank line between them, as some gateways write.
        if (name.empty() || (name == "final-recipient" && !current.address.empty()) ||
            (name == "original-recipient" && !original.empty() && !current.address.empty())) {
            if (begun) flush();
            begun = false;
        }
        if (name == "final-recipient" || name == "x-actual-recipient") {
            if (auto address = address_in(text);
                !address.empty() && (name == "final-recipient" || current.address.empty()))
                current.address = std::move(address);
            begun = true;
        } else if (name == "original-recipient") {
            original = address_in(text);
            begun = true;
        } else if (name == "action") {
            current.action = lower_ascii(text.substr(0, text.find_first_of(" \t(;")));
        } else if (name == "status") {
            current.status = text.substr(0, text.find_first_of(" \t("));
        } else if (name == "diagnostic-code" && current.reason.empty()) {
            current.reason =
                lower_ascii(text.substr(0, 7)).starts_with("x-unix") ? text : std::string(after_type(text));
        }
    });
    if (begun) flush();
    return recipients;
}

std::string original_message_id(std::string_view headers) {
    std::string id;
    each_field(headers, [&](std::string_view name, std::string_view value) {
        if (name != "message-id" || !id.empty()) return;
        if (auto ids = message_ids(value); !ids.empty()) id = std::move(ids.front());
    });
    return id;
}

std::optional<delivery_report> read_report(const report_source& mail) {
    if (auto feedback = read_feedback(mail)) return feedback;
    const auto suspected = suspect(mail);
    if (!suspected.any()) return std::nullopt;
    const auto [report, in_text] = split_report(mail.body.text);
    std::string_view returned = trim(mail.body.original_headers).empty() ? in_text : mail.body.original_headers;
    if (returned.empty()) returned = returned_in_files(mail.body);
    if (!suspected.certain && !is_likely(suspected, mail, !returned.empty())) return std::nullopt;

    const std::string subject = mail.headers.text("subject");
    const auto listed = listed_recipients(mail.headers);

    delivery_report out{
        .type = "bounce", .original_message_id = find_original(mail, returned), .recipients = {}, .feedback_type = {}};
    out.recipients = read_delivery_status(mail.body.delivery_status, mail.body.text);
    if (out.recipients.empty()) out.recipients = status_in_text(mail.body.text, mail.body.text);
    if (const auto inner = inner_text(mail); out.recipients.empty() && !inner.empty())
        out.recipients = status_in_text(inner, inner);
    if (out.recipients.empty()) out.recipients = recipients_in_text(report, subject, mail.own, listed);
    if (out.recipients.empty()) out.recipients = from_returned_header(mail, returned, report, subject);
    if (out.recipients.empty() && mail.body.text.empty()) out.recipients = status_in_text(mail.raw, mail.raw);
    if (!suspected.certain && out.recipients.empty()) return std::nullopt;
    if (!out.recipients.empty() &&
        std::ranges::all_of(out.recipients, [](const auto& r) { return is_delivery(r.action); }))
        out.type = "delivered";
    return out;
}

} // namespace switchboard::channels::email
