#include <switchboard/util/text.hpp>

#include "channels/chat/chat.hpp"
#include "channels/chat/message.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

using nlohmann::json;

constexpr std::size_t most_files = 20;              // as of an agent's reply
constexpr std::size_t longest_widget_text = 20'000; // bytes; the widget sends 4,000 characters at most

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !std::string_view("0123456789abcdef").contains(text[i])) return false;
    }
    return true;
}

party visitor_of(const raw_input& input, const std::string& session) {
    party who{.kind = "webchat", .value = query_value(input, "visitor"), .name = query_value(input, "name")};
    if (const auto email = lower_ascii(trim(query_value(input, "email"))); email.contains('@')) {
        who.kind = "email";
        who.value = email;
    }
    if (who.value.empty()) who.value = session;
    return who;
}

normalized_record read_message(json_fields& in, const raw_input& input, const std::string& session,
                               const limits& bounds) {
    inbound_contact contact;
    contact.channel = "chat";
    const auto id = lower_ascii(in.required_text("client_msg_id"));
    if (!is_uuid(id)) in.fail("client_msg_id", "must be a UUID");
    contact.external_id = session + ":" + id;
    contact.thread_key = session;
    contact.from = visitor_of(input, session);
    contact.text = contact.text_reply = in.text("text");
    if (contact.text.size() > longest_widget_text) in.fail("text", "must have at most 20,000 bytes");
    auto files = read_files(in, bounds);
    // A visitor's browser uploads; an address to fetch from here would be somebody else's server.
    if (!files.links.empty()) files.links.front().fail("url", "send the content");
    if (files.content.size() > most_files) in.fail("attachments", "at most 20 files go with a message");
    contact.attachments = std::move(files.content);
    if (trim(contact.text).empty() && contact.attachments.empty())
        in.fail("text", "a message needs text or attachments");
    json details;
    details["session_id"] = session;
    details["client_msg_id"] = id;
    details["claimed_email"] = query_value(input, "claimed_email");
    details["page_url"] = query_value(input, "page_url");
    contact.details = details_text(details);
    return contact;
}

} // namespace

std::vector<normalized_record> normalize_widget(const gateway_settings&, const raw_input& input, const limits& bounds) {
    const auto value = read_json(input.body, bounds);
    if (!value) return {refused_input{.status = 400, .reason = value.error(), .field = ""}};
    json_fields in(*value);
    const auto session = query_value(input, "session");
    if (session.empty())
        return {refused_input{.status = 422, .reason = "is required in the query", .field = "session"}};

    const auto type = in.required_text("type");
    if (in.error()) return {*in.error()};
    normalized_record record = ignored_input{"the frame carries no message: " + type};
    if (type == "message") {
        record = read_message(in, input, session, bounds);
    } else if (type == "typing" || type == "read") {
        const auto of = in.text("client_msg_id");
        record = contact_event{.type = type, .of = of.empty() ? session : session + ":" + lower_ascii(of), .at = {}};
    }
    if (in.error()) return {*in.error()};
    return {record};
}

} // namespace switchboard::channels
