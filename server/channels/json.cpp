#include <switchboard/channels/normalize.hpp>

#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

using nlohmann::ordered_json; // the fields stand in the order in which the design lists them

ordered_json to_value(const std::optional<timestamp>& t) {
    return t ? ordered_json(to_rfc3339(*t)) : ordered_json(nullptr);
}

ordered_json to_value(const party& who) {
    return {{"kind", who.kind}, {"value", who.value}, {"name", who.name}};
}

ordered_json to_value(const std::vector<party>& parties) {
    ordered_json list = ordered_json::array();
    for (const auto& who : parties) list.push_back(to_value(who));
    return list;
}

ordered_json to_value(const attachment& file) {
    return {{"name", file.name},     {"type", file.type},        {"size", file.content.size()},
            {"sha256", file.sha256}, {"inline", file.is_inline}, {"content_id", file.content_id}};
}

ordered_json details_value(const std::string& details) {
    const auto value = own_json(details);
    return value.is_object() ? ordered_json(value) : ordered_json::object();
}

ordered_json to_value(const inbound_contact& contact) {
    ordered_json files = ordered_json::array();
    for (const auto& file : contact.attachments) files.push_back(to_value(file));
    return {{"record", contact.quarantine.empty() ? "contact" : "quarantine"},
            {"channel", contact.channel},
            {"direction", contact.direction},
            {"external_id", contact.external_id},
            {"thread_key", contact.thread_key},
            {"from", to_value(contact.from)},
            {"to", to_value(contact.to)},
            {"cc", to_value(contact.cc)},
            {"reply_to", to_value(contact.reply_to)},
            {"subject", contact.subject},
            {"text", contact.text},
            {"html", contact.html},
            {"text_reply", contact.text_reply},
            {"attachments", std::move(files)},
            {"occurred_at", to_value(contact.occurred_at)},
            {"duration_s", contact.duration_s ? ordered_json(*contact.duration_s) : ordered_json(nullptr)},
            {"language", contact.language},
            {"flags", contact.flags},
            {"quarantine", contact.quarantine.empty() ? ordered_json(nullptr) : ordered_json(contact.quarantine)},
            {"details", details_value(contact.details)}};
}

ordered_json to_value(const contact_event& event) {
    return {{"record", "event"},
            {"type", event.type},
            {"of", event.of},
            {"at", to_value(event.at)},
            {"details", details_value(event.details)}};
}

ordered_json to_value(const ignored_input& ignored) {
    return {{"record", "ignored"}, {"reason", ignored.reason}};
}

ordered_json to_value(const refused_input& refused) {
    ordered_json value = {{"record", "refused"}, {"status", refused.status}, {"reason", refused.reason}};
    if (!refused.field.empty()) value["field"] = refused.field;
    return value;
}

} // namespace

std::string to_json(const normalized_record& record) {
    const auto value = std::visit([](const auto& it) { return to_value(it); }, record);
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace switchboard::channels
