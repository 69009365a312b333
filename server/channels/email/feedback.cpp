#include "channels/email/feedback.hpp"

#include "channels/email/bounce_fields.hpp"
#include "channels/email/bounce_text.hpp"
#include "channels/email/charset.hpp"

#include <switchboard/util/text.hpp>

namespace switchboard::channels::email {
namespace {

failed_recipient complainer(std::string address, std::string_view type) {
    // The address works; its owner does not want what came. That is no reason to call it dead.
    return {.address = std::move(address),
            .action = "delivered",
            .status = {},
            .severity = "soft",
            .cause = "complaint",
            .reason = std::string(type)};
}

std::vector<std::string> returned_recipients(std::string_view header) {
    std::vector<std::string> out;
    bool over = false;
    each_field(header, [&](std::string_view name, std::string_view value) {
        over = over || name.empty();
        if (!over && out.empty() && (name == "to" || name == "x-hmxmroriginalrecipient" || name == "delivered-to"))
            out = addresses_in_text(value);
    });
    return out;
}

delivery_report read_complaint(const report_source& mail, std::string_view part) {
    delivery_report out{.type = "complaint",
                        .original_message_id = original_message_id(mail.body.original_headers),
                        .recipients = {},
                        .feedback_type = "abuse"};
    std::vector<std::string> addresses;
    each_field(part, [&](std::string_view name, std::string_view value) {
        const std::string text = to_utf8(value, {});
        if (name == "feedback-type") out.feedback_type = lower_ascii(text);
        if ((name == "original-rcpt-to" || name == "removal-recipient") && addresses.size() < most_recipients)
            if (auto address = address_in(text); !address.empty()) addresses.push_back(std::move(address));
        if (name == "message-id" && out.original_message_id.empty())
            if (auto ids = message_ids(text); !ids.empty()) out.original_message_id = std::move(ids.front());
    });
    if (addresses.empty()) addresses = returned_recipients(mail.body.original_headers);
    for (auto& address : addresses) out.recipients.push_back(complainer(std::move(address), out.feedback_type));
    return out;
}

std::optional<delivery_report> read_receipt(std::string_view part) {
    delivery_report out{.type = {}, .original_message_id = {}, .recipients = {}, .feedback_type = {}};
    failed_recipient reader{};
    each_field(part, [&](std::string_view name, std::string_view value) {
        const std::string text = to_utf8(value, {});
        if (name == "original-message-id")
            if (auto ids = message_ids(text); !ids.empty()) out.original_message_id = std::move(ids.front());
        if (name == "final-recipient" || (name == "original-recipient" && reader.address.empty()))
            reader.address = address_in(text);
        if (name == "disposition") {
            reader.reason = text;
            const std::string what = lower_ascii(after_type(text));
            out.type = what.starts_with("displayed") || what.starts_with("read") ? "read" : "delivered";
        }
    });
    if (out.type.empty()) return std::nullopt;
    reader.action = out.type == "read" ? "displayed" : "processed";
    if (!reader.address.empty()) out.recipients.push_back(std::move(reader));
    return out;
}

} // namespace

std::optional<delivery_report> read_feedback(const report_source& mail) {
    if (!mail.body.feedback.empty()) return read_complaint(mail, mail.body.feedback);
    if (!mail.body.disposition.empty()) return read_receipt(mail.body.disposition);
    // Outlook.com sends the mail that was complained about as an attachment, without a report.
    const std::string subject = lower_ascii(mail.headers.text("subject"));
    if (subject.starts_with("complaint about message from") && !mail.body.original_headers.empty())
        return read_complaint(mail, {});
    return std::nullopt;
}

} // namespace switchboard::channels::email
