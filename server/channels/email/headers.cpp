#include "channels/email/headers.hpp"

#include "channels/email/header_text.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_ids = 1000;
constexpr std::size_t longest_id = 998; // a line of mail

} // namespace

mail_headers::mail_headers(GMimeObject* mail, GMimeObject* root, std::string charset) : charset_(std::move(charset)) {
    for (GMimeObject* object : {mail, root}) {
        GMimeHeaderList* list = g_mime_object_get_header_list(object);
        const int count = g_mime_header_list_get_count(list);
        fields_.reserve(fields_.size() + static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            GMimeHeader* header = g_mime_header_list_get_header_at(list, i);
            std::string name = lower_ascii(trim(to_string(g_mime_header_get_name(header))));
            if (object == root && !name.starts_with("content-")) continue;
            fields_.emplace_back(std::move(name), to_string(g_mime_header_get_raw_value(header)));
        }
    }
}

const std::string* mail_headers::raw(std::string_view name) const {
    const auto found = std::ranges::find_if(fields_, [&](const auto& field) { return field.first == name; });
    return found == fields_.end() ? nullptr : &found->second;
}

std::vector<const std::string*> mail_headers::all(std::string_view name) const {
    std::vector<const std::string*> out;
    for (const auto& [field, value] : fields_)
        if (field == name) out.push_back(&value);
    return out;
}

std::string mail_headers::text(std::string_view name) const {
    const std::string* value = raw(name);
    return value ? decode_header(*value, charset_) : std::string();
}

std::string mail_headers::token(std::string_view name) const {
    const std::string value = lower_ascii(text(name));
    return std::string(trim(std::string_view(value).substr(0, value.find_first_of(";("))));
}

bool mail_headers::any_starts_with(std::string_view prefix) const {
    return std::ranges::any_of(fields_, [&](const auto& field) { return field.first.starts_with(prefix); });
}

std::vector<std::string> message_ids(std::string_view raw) {
    std::vector<std::string> ids;
    const auto add = [&](std::string_view id) {
        std::string clean;
        for (const char c : clean_utf8(id))
            if (static_cast<unsigned char>(c) > 0x20 && c != '<') clean += c;
        if (!clean.empty() && clean.size() <= longest_id && ids.size() < most_ids &&
            std::ranges::find(ids, clean) == ids.end())
            ids.push_back(std::move(clean));
    };
    for (auto open = raw.find('<'); open != std::string_view::npos; open = raw.find('<', open)) {
        const auto close = raw.find('>', open);
        if (close == std::string_view::npos) break;
        add(raw.substr(open + 1, close - open - 1));
        open = close;
    }
    // Some senders forget the brackets; prose has none either, so only a field of one word counts.
    if (const auto bare = trim(raw); ids.empty() && bare.find_first_of(" \t\r\n<>") == std::string_view::npos)
        add(bare);
    return ids;
}

} // namespace switchboard::channels::email
