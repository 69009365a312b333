#include "channels/email/mail_facts.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/gmime_ptr.hpp"
#include "channels/email/thread_index.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_recipients = 1000;

std::string subject_token(std::string_view subject) {
    for (auto at = subject.find("[#"); at != std::string_view::npos; at = subject.find("[#", at + 2)) {
        const auto end = subject.find_first_not_of("0123456789", at + 2);
        if (end != std::string_view::npos && subject[end] == ']' && end > at + 2 && end - at - 2 <= 18)
            return std::string(subject.substr(at + 2, end - at - 2));
    }
    return {};
}

nlohmann::json party_json(const party& p) {
    return {{"kind", p.kind}, {"value", p.value}, {"name", p.name}};
}

} // namespace

envelope read_envelope(const raw_input& input) {
    envelope out;
    for (const auto& [name, value] : input.query) {
        if (name == "rcpt" && out.recipients.size() < most_recipients)
            out.recipients.push_back(canonical_address(value));
        if (name == "mail_from") out.sender = canonical_address(value);
    }
    return out;
}

party read_sender(const mail_headers& headers, const envelope& via) {
    for (const std::string_view field : {"from", "sender", "return-path"}) {
        std::optional<party> nameless;
        for (const std::string* raw : headers.all(field)) {
            for (auto& candidate : parse_addresses(*raw, headers.charset())) {
                if (!candidate.kind.empty()) return candidate;
                if (!nameless && field == "from") nameless = candidate;
            }
        }
        // A From that names somebody without an address ("System Administrator") still says who it was.
        if (nameless) return *nameless;
    }
    if (via.sender && via.sender->contains('@')) return {"email", *via.sender, ""};
    return {};
}

std::vector<party> read_parties(const mail_headers& headers, std::string_view field) {
    std::vector<party> out;
    for (const std::string* raw : headers.all(field)) {
        for (auto& candidate : parse_addresses(*raw, headers.charset())) {
            if (!candidate.kind.empty() && out.size() < most_recipients &&
                std::ranges::find(out, candidate.value, &party::value) == out.end())
                out.push_back(std::move(candidate));
        }
    }
    return out;
}

std::optional<timestamp> read_date(const mail_headers& headers) {
    const std::string text = headers.text("date");
    if (text.empty()) return std::nullopt;
    GDateTime* date = g_mime_utils_header_decode_date(text.c_str());
    if (!date) return std::nullopt;
    const std::chrono::seconds seconds{g_date_time_to_unix(date)};
    g_date_time_unref(date);
    // A zero or a five-digit year is a broken clock, not a moment.
    if (seconds.count() <= 0 || seconds.count() >= 253402300800) return std::nullopt;
    return timestamp{seconds};
}

mail_thread read_thread(const mail_headers& headers, const inbound_contact& contact, const envelope& via) {
    mail_thread thread;
    if (const auto* raw = headers.raw("message-id"))
        if (auto ids = message_ids(*raw); !ids.empty()) thread.message_id = std::move(ids.front());
    if (const auto* raw = headers.raw("in-reply-to")) thread.in_reply_to = message_ids(*raw);
    if (const auto* raw = headers.raw("references")) thread.references = message_ids(*raw);
    thread.subject_token = subject_token(contact.subject);
    thread.conversation = conversation_of(headers.text("thread-index"));

    const auto add = [&](const std::string& address) {
        if (!address.empty() && thread.recipients.size() < most_recipients &&
            std::ranges::find(thread.recipients, address) == thread.recipients.end())
            thread.recipients.push_back(address);
    };
    for (const auto& address : via.recipients) add(address);
    for (const std::string_view field : {"delivered-to", "x-original-to", "envelope-to", "x-envelope-to"})
        for (const auto& p : read_parties(headers, field)) add(p.value);
    for (const auto* list : {&contact.to, &contact.cc})
        for (const auto& p : *list) add(p.value);
    return thread;
}

void describe_author(nlohmann::json& details, const inbound_contact& contact, const party& header_from,
                     const mailing_list& list, std::string_view checked) {
    if (!list.addresses.empty()) details["lists"] = list.addresses;
    for (const auto& p : contact.mail.more_senders) details["senders"].push_back(party_json(p));
    if (header_from.value != contact.from.value) details["header_from"] = party_json(header_from);
    if (!contact.mail.forwarded_by.kind.empty()) details["forwarded_by"] = party_json(contact.mail.forwarded_by);
    if (!checked.empty()) details["authentication"] = checked;
}

nlohmann::json read_details(const mail_headers& headers, const inbound_contact& contact, const envelope& via) {
    nlohmann::json details;
    details["message_id"] = contact.mail.message_id;
    details["letter_hash"] = contact.mail.letter_hash;
    details["in_reply_to"] = contact.mail.in_reply_to;
    details["references"] = contact.mail.references;
    for (const auto& [key, field] : {std::pair{"date", "date"},
                                     {"return_path", "return-path"},
                                     {"auto_submitted", "auto-submitted"},
                                     {"precedence", "precedence"},
                                     {"list_id", "list-id"},
                                     {"auto_response_suppress", "x-auto-response-suppress"},
                                     {"content_language", "content-language"},
                                     {"thread_topic", "thread-topic"},
                                     {"thread_index", "thread-index"},
                                     {"importance", "importance"},
                                     {"priority", "x-priority"},
                                     {"mailer", "x-mailer"}})
        if (headers.has(field)) details[key] = headers.text(field);
    if (!via.recipients.empty()) details["envelope"]["rcpt"] = via.recipients;
    if (via.sender) details["envelope"]["mail_from"] = *via.sender;
    return details;
}

} // namespace switchboard::channels::email
