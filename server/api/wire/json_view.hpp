#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::api {

enum class json_kind { null, boolean, integer, number, string, array, object };

/// A value inside a json_document, which must outlive it.
class json_view {
public:
    explicit json_view(const nlohmann::json& node) : node_{&node} {}

    json_kind kind() const;
    bool boolean() const;
    std::optional<std::int64_t> integer() const; // empty if it does not fit
    const std::string& string() const;
    std::size_t size() const; // of an array or object
    json_view operator[](std::size_t i) const;
    std::optional<json_view> find(const std::string& key) const;
    void each_member(const std::function<void(const std::string& key)>& visit) const;
    std::string dump() const;

private:
    const nlohmann::json* node_;
};

/// A body's JSON: what outside_json() lets in. It keeps nlohmann/json.hpp, which costs seconds, out of the routes.
class json_document {
public:
    /// The error says what the text is instead.
    static std::expected<json_document, std::string> parse(std::string_view text);

    json_view root() const { return json_view{*root_}; }

private:
    struct destroy {
        void operator()(nlohmann::json* node) const;
    };
    std::unique_ptr<nlohmann::json, destroy> root_;
};

} // namespace switchboard::api
