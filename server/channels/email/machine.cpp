#include "channels/email/machine.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>

namespace switchboard::channels::email {
namespace {

constexpr std::array<std::string_view, 7> robot_fields{
    "x-loop", "x-no-loop", "x-autoreply", "x-autorespond", "x-autoresponder", "x-fc-machinegenerated", "feedback-id"};
constexpr std::array<std::string_view, 8> away_subjects{
    "automatic reply:",      "auto reply:",       "autoreply:",          "out of office",
    "automatische antwort:", "abwesenheitsnotiz", "réponse automatique", "respuesta automática"};

bool is_yes(const std::string& value) {
    return !value.empty() && value != "no" && value != "false" && value != "0";
}

} // namespace

authorship judge_author(const mail_headers& headers, std::string_view content_type, std::string_view sender,
                        bool null_sender) {
    authorship who;
    const std::string auto_submitted = headers.token("auto-submitted");
    const std::string precedence = headers.token("precedence");
    const std::string_view local = sender.substr(0, sender.find('@'));
    const bool report = content_type.starts_with("multipart/report");

    who.bounce = local == "mailer-daemon" || local == "mail-daemon" ||
                 (report && content_type.contains("delivery-status")) ||
                 (headers.has("x-failed-recipients") && (null_sender || local == "postmaster"));
    // A report about anything but a read receipt or a complaint is about delivery, whatever it calls itself.
    who.bounce = who.bounce || (report && !content_type.contains("disposition-notification") &&
                                !content_type.contains("feedback-report"));
    who.auto_reply = auto_submitted.starts_with("auto-replied") || auto_submitted.starts_with("auto-notified") ||
                     precedence == "auto_reply" || is_yes(headers.token("x-autoreply")) ||
                     is_yes(headers.token("x-autorespond")) || headers.has("x-autoresponder");
    who.machine = who.bounce || who.auto_reply || report || null_sender || local == "postmaster" ||
                  is_yes(auto_submitted) || precedence == "bulk" || precedence == "junk" || precedence == "list" ||
                  headers.any_starts_with("list-") ||
                  std::ranges::any_of(robot_fields, [&](std::string_view name) { return is_yes(headers.token(name)); });
    const std::string subject = lower_ascii(headers.text("subject"));
    if (who.machine && !who.bounce &&
        std::ranges::any_of(away_subjects, [&](std::string_view away) { return subject.starts_with(away); }))
        who.auto_reply = true;
    return who;
}

} // namespace switchboard::channels::email
