#include "channels/mail_webhooks/form_fields.hpp"

#include <switchboard/util/text.hpp>

#include "channels/json_fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels::mail_webhooks {

namespace {

std::optional<form_fields> from_multipart(std::string_view body, std::string_view content_type, std::size_t most) {
    auto parts = parse_multipart(body, content_type, most);
    if (!parts) return std::nullopt;
    form_fields form;
    for (auto& part : *parts) {
        const bool file = !part.filename.empty() || (part.name.starts_with("attachment") &&
                                                     part.name.find_first_of("0123456789") != std::string::npos);
        if (file)
            form.files.push_back(std::move(part));
        else
            form.fields.emplace_back(std::move(part.name), std::move(part.content));
    }
    return form;
}

std::optional<form_fields> from_json(std::string_view body, const limits& bounds) {
    const auto value = read_json(body, bounds);
    if (!value || !value->is_object()) return std::nullopt;
    form_fields form;
    for (const auto& [name, element] : value->items())
        form.fields.emplace_back(name, element.is_string() ? element.get<std::string>() : element.dump());
    return form;
}

} // namespace

std::string_view form_fields::text(std::string_view name) const {
    const auto found =
        std::ranges::find(fields, name, [](const auto& field) -> std::string_view { return field.first; });
    return found == fields.end() ? std::string_view() : found->second;
}

bool form_fields::has(std::string_view name) const {
    return std::ranges::any_of(fields, [&](const auto& field) { return field.first == name; });
}

std::optional<form_fields> read_form(const raw_input& input, const limits& bounds) {
    const auto type = media_type(input.content_type);
    const auto body = input.body.substr(std::min(input.body.size(), input.body.find_first_not_of(" \t\r\n")));
    if (type == "multipart/form-data") return from_multipart(input.body, input.content_type, bounds.parts);
    if (body.starts_with("--")) {
        const auto boundary = trim(body.substr(2, body.find('\n') - 2));
        return from_multipart(body, "multipart/form-data; boundary=\"" + std::string(boundary) + "\"", bounds.parts);
    }
    if (body.starts_with('{')) return from_json(body, bounds);
    if (!body.substr(0, 4096).contains('=')) return std::nullopt;
    form_fields form;
    form.fields = parse_urlencoded(trim(body), bounds.parts);
    return form;
}

std::string header(const raw_input& input, std::string_view name) {
    for (const auto& [key, value] : input.headers)
        if (lower_ascii(key) == name) return value;
    return {};
}

std::map<std::string, std::string, std::less<>> content_ids(std::string_view json, const limits& bounds) {
    std::map<std::string, std::string, std::less<>> out;
    const auto ids = read_json(json, bounds);
    if (!ids || !ids->is_object()) return out;
    for (const auto& [id, part] : ids->items())
        if (part.is_string()) out[part.get<std::string>()] = id;
    return out;
}

} // namespace switchboard::channels::mail_webhooks
