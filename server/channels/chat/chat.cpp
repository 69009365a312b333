#include "channels/chat/chat.hpp"

#include <switchboard/channels/phone_number.hpp>
#include <switchboard/util/text.hpp>

#include "channels/chat/message.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

using nlohmann::json;

std::string message_id(const std::string& session, const std::string& message) {
    return message.empty() ? session : session + ":" + message;
}

/// An address or number counts as who somebody is only if the chat system vouches for it; else it is a claim.
party read_sender(json_fields& from, const std::string& session, const gateway_settings& settings, json& details) {
    party who{.kind = "webchat", .value = from.text("id"), .name = from.text("name")};
    const auto email = lower_ascii(trim(from.text("email")));
    const auto phone = from.text("phone");
    const bool verified = from.flag("verified");
    if (verified && email.contains('@')) {
        who.kind = "email";
        who.value = email;
    } else if (const auto e164 = to_e164(phone, settings.default_country); verified && e164) {
        who.kind = "tel";
        who.value = *e164;
    } else if (who.value.empty()) {
        who.value = session; // an anonymous visitor is at least the one of this session
    }
    details["claimed_email"] = who.value == email ? "" : email;
    details["claimed_phone"] = who.kind == "tel" ? "" : phone;
    return who;
}

normalized_record read_event(json_fields& in, const std::string& session) {
    contact_event event;
    event.type = in.one_of("event", {"typing", "read", "edited", "deleted", "delivered"});
    const auto message = event.type == "typing" ? in.text("message_id") : in.required_text("message_id");
    event.of = message_id(session, message);
    event.at = in.time("at");
    json details;
    details["session_id"] = session;
    for (const char* name : {"text", "html"}) details[name] = in.text(name);
    event.details = details_text(details);
    return event;
}

json links_of(std::vector<json_fields>& links) {
    json list = json::array();
    for (auto& link : links)
        list.push_back({{"name", link.text("name")}, {"type", link.text("type")}, {"url", link.text("url")}});
    return list;
}

normalized_record read_message(json_fields& in, const std::string& session, const gateway_settings& settings,
                               const limits& bounds) {
    inbound_contact contact;
    contact.channel = "chat";
    if (in.one_of("direction", {"in", "out"}) == "out") contact.direction = "out";
    const auto id = in.required_text("message_id");
    contact.external_id = message_id(session, id);
    contact.thread_key = session;
    json details;
    if (auto from = in.object("from"))
        contact.from = read_sender(*from, session, settings, details);
    else
        in.fail("from", "is required");
    contact.text = in.text("text");
    contact.html = in.text("html");
    contact.text_reply = contact.text;
    contact.occurred_at = in.time("at");
    contact.language = in.text("language");
    auto files = read_files(in, bounds);
    contact.attachments = std::move(files.content);
    if (!files.links.empty()) details["links"] = links_of(files.links);
    if (trim(contact.text).empty() && contact.html.empty() && contact.attachments.empty() && files.links.empty())
        in.fail("text", "a message needs text, html or attachments");
    details["session_id"] = session;
    details["message_id"] = id;
    contact.details = details_text(details);
    return contact;
}

normalized_record read_one(json_fields& in, const gateway_settings& settings, const limits& bounds) {
    const auto session = in.required_text("session_id");
    if (!in.text("event").empty()) return read_event(in, session);
    return read_message(in, session, settings, bounds);
}

} // namespace

std::vector<normalized_record> normalize_chat(const gateway_settings& settings, const raw_input& input,
                                              const limits& bounds) {
    const auto value = read_json(input.body, bounds);
    if (!value) return {refused_input{.status = 400, .reason = value.error(), .field = ""}};
    json_fields in(*value);
    std::vector<normalized_record> records;
    if (value->is_object() && value->contains("messages")) {
        for (auto& message : in.objects("messages", bounds.parts))
            records.push_back(read_one(message, settings, bounds));
        if (records.empty()) in.fail("messages", "must not be empty");
    } else {
        records.push_back(read_one(in, settings, bounds));
    }
    // The sender repeats a refused batch whole, so none of it may have been taken.
    if (in.error()) return {*in.error()};
    return records;
}

} // namespace switchboard::channels
