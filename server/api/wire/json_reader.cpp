#include "api/wire/json_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace switchboard::api {
namespace {

/// Brackets opened and not yet closed, at most. Broken text is for the parser to refuse.
int depth_of(std::string_view text) {
    int depth = 0, deepest = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return deepest;
}

bool has_nul(const nlohmann::json& node) {
    if (const auto* text = node.get_ptr<const std::string*>()) return text->find('\0') != std::string::npos;
    if (node.is_object()) {
        for (const auto& [key, value] : node.items())
            if (key.find('\0') != std::string::npos || has_nul(value)) return true;
    } else if (node.is_array()) {
        for (const auto& value : node)
            if (has_nul(value)) return true;
    }
    return false;
}

} // namespace

json_kind json_view::kind() const {
    switch (node_->type()) {
    case nlohmann::json::value_t::boolean:
        return json_kind::boolean;
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
        return json_kind::integer;
    case nlohmann::json::value_t::number_float:
        return json_kind::number;
    case nlohmann::json::value_t::string:
        return json_kind::string;
    case nlohmann::json::value_t::array:
        return json_kind::array;
    case nlohmann::json::value_t::object:
        return json_kind::object;
    default:
        return json_kind::null;
    }
}

bool json_view::boolean() const {
    return node_->get<bool>();
}

std::optional<std::int64_t> json_view::integer() const {
    if (node_->is_number_unsigned() && node_->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return node_->get<std::int64_t>();
}

const std::string& json_view::string() const {
    return node_->get_ref<const std::string&>();
}

std::size_t json_view::size() const {
    return node_->size();
}

json_view json_view::operator[](std::size_t i) const {
    return json_view{(*node_)[i]};
}

std::optional<json_view> json_view::find(const std::string& key) const {
    const auto found = node_->find(key);
    if (found == node_->end()) return std::nullopt;
    return json_view{*found};
}

void json_view::each_member(const std::function<void(const std::string&)>& visit) const {
    for (const auto& [key, value] : node_->items()) visit(key);
}

std::string json_view::dump() const {
    return node_->dump();
}

void json_document::destroy::operator()(nlohmann::json* node) const {
    delete node;
}

std::expected<json_document, std::string> json_document::parse(std::string_view text) {
    if (depth_of(text) > max_depth) return std::unexpected{fmt::format("nested deeper than {}", max_depth)};
    json_document out;
    try {
        out.root_.reset(new nlohmann::json(nlohmann::json::parse(text)));
    } catch (const nlohmann::json::parse_error& e) {
        return std::unexpected{fmt::format("not JSON: stops being so at byte {}", e.byte)};
    } catch (const nlohmann::json::exception&) { // a number beyond a double's range
        return std::unexpected{std::string{"a number is out of range"}};
    }
    if (has_nul(*out.root_)) return std::unexpected{std::string{"text has a NUL character"}};
    return out;
}

} // namespace switchboard::api
