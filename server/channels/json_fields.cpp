#include "channels/json_fields.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels {

namespace {

using nlohmann::json;

constexpr std::int64_t ten_years = 10ll * 366 * 24 * 3600;

} // namespace

std::expected<json, std::string> read_json(std::string_view bytes, const limits& bounds) {
    return outside_json(bytes,
                        {.bytes = bounds.message_bytes,
                         .depth = bounds.depth,
                         .values = bounds.values,
                         .text_bytes = bounds.message_bytes},
                        json_manner::mended);
}

json_fields::json_fields(const json& object, std::string path)
    : json_fields(object, std::move(path), std::make_shared<std::optional<refused_input>>()) {}

json_fields::json_fields(const json& object, std::string path, std::shared_ptr<std::optional<refused_input>> error)
    : object_(&object), path_(std::move(path)), error_(std::move(error)) {
    if (object.is_object()) return;
    if (!*error_) *error_ = refused_input{.status = 422, .reason = "must be an object", .field = path_};
}

std::string json_fields::text(const std::string& name) {
    const auto* value = find(name);
    if (!value) return "";
    if (value->is_string()) return clean_utf8(value->get_ref<const std::string&>());
    fail(name, "must be a text");
    return "";
}

std::string json_fields::required_text(const std::string& name) {
    auto value = text(name);
    if (trim(value).empty()) fail(name, "is required");
    return value;
}

std::optional<timestamp> json_fields::time(const std::string& name) {
    const auto value = text(name);
    if (value.empty()) return std::nullopt;
    const auto parsed = parse_rfc3339(value);
    if (!parsed) fail(name, "must be an RFC 3339 time");
    return parsed;
}

std::optional<std::int64_t> json_fields::seconds(const std::string& name) {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    if (value->is_number_integer()) {
        const auto number =
            value->is_number_unsigned() && value->get<std::uint64_t>() > ten_years ? -1 : value->get<std::int64_t>();
        if (number >= 0 && number <= ten_years) return number;
    }
    fail(name, "must be a whole number of seconds from 0");
    return std::nullopt;
}

bool json_fields::flag(const std::string& name) {
    const auto* value = find(name);
    if (!value) return false;
    if (value->is_boolean()) return value->get<bool>();
    fail(name, "must be true or false");
    return false;
}

std::string json_fields::one_of(const std::string& name, std::initializer_list<std::string_view> words) {
    auto value = lower_ascii(text(name));
    if (!value.empty() && std::ranges::find(words, value) == words.end())
        fail(name, fmt::format("must be one of: {}", fmt::join(words, ", ")));
    return value;
}

std::optional<json_fields> json_fields::object(const std::string& name) {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    return json_fields(*value, path_of(name), error_);
}

std::vector<json_fields> json_fields::objects(const std::string& name, std::size_t max_count) {
    std::vector<json_fields> all;
    const auto* value = find(name);
    if (!value) return all;
    if (!value->is_array()) {
        fail(name, "must be an array");
    } else if (value->size() > max_count) {
        fail(name, fmt::format("must not have more than {} elements", max_count));
    } else {
        for (const auto& element : *value)
            all.push_back(json_fields(element, fmt::format("{}[{}]", path_of(name), all.size()), error_));
    }
    return all;
}

void json_fields::fail(const std::string& name, const std::string& reason) {
    if (!*error_) *error_ = refused_input{.status = 422, .reason = reason, .field = path_of(name)};
}

const json* json_fields::find(const std::string& name) const {
    if (!object_->is_object()) return nullptr;
    const auto found = object_->find(name);
    return found == object_->end() || found->is_null() ? nullptr : &*found;
}

std::string json_fields::path_of(const std::string& name) const {
    return path_.empty() ? name : path_ + "." + name;
}

} // namespace switchboard::channels
