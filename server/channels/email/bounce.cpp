#include "channels/email/bounce.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/headers.hpp"

#include <switchboard/util/text.hpp>

#include <functional>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_recipients = 1000;

// Calls `field(name, value)` for each unfolded field and `field("", "")` between blocks.
void each_field(std::string_view part, const std::function<void(std::string_view, std::string_view)>& field) {
    std::string name, value;
    const auto flush = [&] {
        if (!name.empty()) field(name, trim(value));
        name.clear();
        value.clear();
    };
    while (!part.empty()) {
        const auto end = part.find('\n');
        auto line = part.substr(0, end);
        part.remove_prefix(end == std::string_view::npos ? part.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trim(line).empty()) {
            flush();
            field({}, {});
        } else if (line.front() == ' ' || line.front() == '\t') {
            value.append(" ").append(trim(line));
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            flush();
            name = lower_ascii(trim(line.substr(0, colon)));
            value = line.substr(colon + 1);
        }
    }
    flush();
}

// "rfc822; someone@example.com" -> the address
std::string_view after_type(std::string_view value) {
    const auto semicolon = value.find(';');
    return trim(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1));
}

std::string severity_of(const failed_recipient& recipient) {
    if (recipient.action == "delayed" || recipient.status.starts_with("4.")) return "temporary";
    if (recipient.action != "failed" && !recipient.status.starts_with("5.")) return "";
    // Full mailboxes, sizes and policy may be otherwise tomorrow; addresses that do not exist will not.
    for (const std::string_view soft : {"5.2.2", "5.2.3", "5.3.4", "5.7."})
        if (recipient.status.starts_with(soft)) return "soft";
    return "hard";
}

} // namespace

std::vector<failed_recipient> read_delivery_status(std::string_view part) {
    std::vector<failed_recipient> recipients;
    failed_recipient current;
    const auto flush = [&] {
        current.severity = severity_of(current);
        if (!current.address.empty() && recipients.size() < most_recipients) recipients.push_back(current);
        current = {};
    };
    each_field(part, [&](std::string_view name, std::string_view value) {
        const std::string text = to_utf8(value, {});
        if (name.empty()) {
            flush();
        } else if (name == "final-recipient" || (name == "original-recipient" && current.address.empty())) {
            current.address = canonical_address(after_type(text));
        } else if (name == "action") {
            current.action = lower_ascii(text.substr(0, text.find_first_of(" \t(")));
        } else if (name == "status") {
            current.status = text.substr(0, text.find_first_of(" \t("));
        } else if (name == "diagnostic-code") {
            current.reason = std::string(after_type(text));
        }
    });
    flush();
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

} // namespace switchboard::channels::email
