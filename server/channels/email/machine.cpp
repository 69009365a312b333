#include "channels/email/machine.hpp"

#include "channels/email/automatic_words.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>

namespace switchboard::channels::email {
namespace {

// Other desks, redirects and bulk mailers set these on what persons write, too.
constexpr std::array<std::string_view, 3> relay_fields{"x-loop", "x-no-loop", "feedback-id"};
constexpr std::array<std::string_view, 3> exchange_fields{"x-auto-response-suppress", "x-ms-exchange-inbox-rules-loop",
                                                          "x-ms-exchange-generated-message-source"};

bool is_yes(const std::string& value) {
    return !value.empty() && value != "no" && value != "false" && value != "0";
}

bool answers_something(const mail_headers& headers) {
    return headers.has("in-reply-to") || headers.has("references") || headers.text("subject").contains("[#");
}

} // namespace

authorship judge_author(const mail_headers& headers, const circumstances& mail) {
    authorship who;
    const std::string auto_submitted = headers.token("auto-submitted");
    const std::string precedence = headers.token("precedence");
    const std::string_view local = mail.sender.substr(0, mail.sender.find('@'));
    const bool report = mail.content_type.starts_with("multipart/report");

    who.bounce = local == "mailer-daemon" || local == "mail-daemon" ||
                 (report && mail.content_type.contains("delivery-status")) ||
                 (headers.has("x-failed-recipients") && (mail.null_sender || local == "postmaster"));
    // A report about anything but a read receipt or a complaint is about delivery, whatever it calls itself.
    who.bounce = who.bounce || (report && !mail.content_type.contains("disposition-notification") &&
                                !mail.content_type.contains("feedback-report"));
    who.auto_reply = auto_submitted.starts_with("auto-replied") || auto_submitted.starts_with("auto-notified") ||
                     precedence == "auto_reply" || is_yes(headers.token("x-autoreply")) ||
                     is_yes(headers.token("x-autorespond")) || headers.has("x-autoresponder");

    const bool by_program = is_yes(auto_submitted);
    const bool by_list =
        !mail.own_list && (headers.any_starts_with("list-") || precedence == "list" || precedence == "bulk");
    const bool relayed = std::ranges::any_of(relay_fields, [&](auto name) { return is_yes(headers.token(name)); });
    const bool surely = who.bounce || who.auto_reply || report || local == "postmaster" || precedence == "junk" ||
                        is_yes(headers.token("x-fc-machinegenerated"));
    who.machine = surely || mail.null_sender || by_program || by_list || relayed;

    // Exchange does not say Auto-Submitted of an absence: its subject does, where something says that it is no letter.
    if (!who.bounce && is_away_subject(headers.text("subject")) &&
        (who.machine || answers_something(headers) ||
         std::ranges::any_of(exchange_fields, [&](auto name) { return headers.has(name); })))
        who.auto_reply = who.machine = true;

    if (mail.by_form && !who.bounce && !who.auto_reply && !report) who.machine = false;
    const bool redirected = mail.null_sender && !by_program && !by_list && !relayed;
    who.person_if_answer = who.machine && !surely && !who.auto_reply && (redirected || !mail.null_sender) &&
                           !(by_program && is_acknowledgement(mail.words));
    who.by_list = who.person_if_answer && by_list && precedence != "bulk" && !by_program && !relayed;
    return who;
}

} // namespace switchboard::channels::email
