#include "api/wire/json_view.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

#include <limits>

namespace switchboard::api {

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
    auto read = outside_json(text);
    if (!read) return std::unexpected{std::move(read.error())};
    json_document out;
    out.root_.reset(new nlohmann::json(std::move(*read)));
    return out;
}

} // namespace switchboard::api
