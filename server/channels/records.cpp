#include "channels/records.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels {

namespace {

using nlohmann::json;

// Identifiers and names go into indexes, where a page of text would not fit.
constexpr std::size_t longest_id = 500;
constexpr std::size_t longest_name = 300;
constexpr std::size_t longest_line = 2000;

void clean(std::string& text, std::size_t max_bytes) {
    text = clean_utf8(text);
    if (text.size() > max_bytes) text.resize(truncate_utf8(text, max_bytes).size());
}

/// Two long ids that differ only at the end must stay two ids.
void clean_id(std::string& id) {
    id = clean_utf8(id);
    if (id.size() > longest_id) id = "sha256:" + sha256_hex(id);
}

/// What stands in one line wherever it is shown: no control character of a sender's breaks out of it.
void clean_line(std::string& text, std::size_t max_bytes) {
    text = one_line(text);
    if (text.size() > max_bytes) text.resize(truncate_utf8(text, max_bytes).size());
}

void clean(party& who) {
    clean(who.kind, longest_name);
    clean_line(who.value, longest_line);
    who.name = plain_name(who.name);
    clean_line(who.name, longest_name);
}

json clean_details(const json& value) {
    if (value.is_string()) return clean_utf8(value.get_ref<const std::string&>());
    if (!value.is_structured()) return value;
    json out = value.is_object() ? json::object() : json::array();
    for (const auto& [key, element] : value.items()) {
        auto kept = clean_details(element);
        if (value.is_array()) {
            out.push_back(std::move(kept));
        } else if (!kept.is_null() && !(kept.is_string() && kept.get_ref<const std::string&>().empty())) {
            out[clean_utf8(key)] = std::move(kept);
        }
    }
    return out;
}

/// A clock that is centuries off says nothing, and some years have no place in the database.
void drop_nonsense(std::optional<timestamp>& moment) {
    using namespace std::chrono;
    constexpr timestamp first = sys_days(year(1900) / 1 / 1), last = sys_days(year(2200) / 1 / 1);
    if (moment && (*moment < first || *moment >= last)) moment.reset();
}

void present(inbound_contact& contact, const limits& bounds) {
    clean_id(contact.external_id);
    clean_id(contact.thread_key);
    clean(contact.from);
    for (auto* parties : {&contact.to, &contact.cc, &contact.reply_to})
        for (auto& who : *parties) clean(who);
    clean_line(contact.subject, longest_line);
    contact.text = clean_utf8(contact.text);
    if (contact.text.size() > bounds.shown_text_bytes) {
        auto shown = std::string(truncate_utf8(contact.text, bounds.shown_text_bytes));
        contact.attachments.push_back(make_attachment("text.txt", "text/plain", std::move(contact.text)));
        contact.text = std::move(shown);
        add_flag(contact, "partial");
    }
    clean(contact.html, bounds.message_bytes);
    clean(contact.text_reply, bounds.shown_text_bytes);
    for (auto& file : contact.attachments) {
        file.name = plain_file_name(file.name, longest_name);
        clean(file.type, longest_name);
        clean(file.content_id, longest_line);
    }
    clean(contact.language, longest_name);
    drop_nonsense(contact.occurred_at);
    constexpr std::int64_t longest_duration = 10ll * 366 * 24 * 3600;
    if (contact.duration_s && (*contact.duration_s < 0 || *contact.duration_s > longest_duration))
        contact.duration_s.reset();
    clean(contact.quarantine, longest_line);
}

} // namespace

inbound_contact quarantined(std::string_view channel, std::string_view bytes, std::string reason) {
    inbound_contact contact;
    contact.channel = channel;
    contact.external_id = "sha256:" + sha256_hex(bytes);
    contact.quarantine = std::move(reason);
    return contact;
}

inbound_contact too_many_records(std::string_view channel, std::string_view bytes, const limits& bounds) {
    return quarantined(channel, bytes, fmt::format("more than {} records: send them in parts", bounds.records));
}

void add_flag(inbound_contact& contact, std::string_view flag) {
    if (std::ranges::find(contact.flags, flag) == contact.flags.end()) contact.flags.emplace_back(flag);
}

attachment make_attachment(std::string name, std::string type, std::string content) {
    attachment file;
    file.name = std::move(name);
    file.type = std::move(type);
    file.sha256 = sha256_hex(content);
    file.content = std::move(content);
    return file;
}

std::string details_text(const json& details) {
    return clean_details(details).dump();
}

std::string query_value(const raw_input& input, std::string_view name) {
    const auto found = std::ranges::find(input.query, name, &std::pair<std::string, std::string>::first);
    return found == input.query.end() ? "" : found->second;
}

void make_presentable(normalized_record& record, const limits& bounds) {
    if (auto* contact = std::get_if<inbound_contact>(&record)) {
        present(*contact, bounds);
    } else if (auto* event = std::get_if<contact_event>(&record)) {
        clean_id(event->of);
        drop_nonsense(event->at);
    } else if (auto* ignored = std::get_if<ignored_input>(&record)) {
        clean(ignored->reason, longest_line);
    } else if (auto* refused = std::get_if<refused_input>(&record)) {
        clean(refused->reason, longest_line);
        clean(refused->field, longest_line);
    }
}

} // namespace switchboard::channels
