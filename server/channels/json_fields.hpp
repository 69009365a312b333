#pragma once

#include <switchboard/channels/inputs.hpp>
#include <switchboard/model/contact.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// A sender's JSON within the bounds of its input, mended as json_manner says. The error says what it is instead.
std::expected<nlohmann::json, std::string> read_json(std::string_view bytes, const limits& bounds);

/// Reads the typed fields of one JSON object and remembers the first that is wrong, so that a caller reads all of them
/// and asks once. Absent and null are the same. Nested readers share the error.
class json_fields {
public:
    explicit json_fields(const nlohmann::json& object, std::string path = "");

    std::string text(const std::string& name);
    std::string required_text(const std::string& name);
    std::optional<timestamp> time(const std::string& name);
    std::optional<std::int64_t> seconds(const std::string& name); // 0 to ten years
    bool flag(const std::string& name);
    /// One of the given words, lower-cased; "" when absent.
    std::string one_of(const std::string& name, std::initializer_list<std::string_view> words);
    std::optional<json_fields> object(const std::string& name);
    /// The objects of an array; none when it is absent.
    std::vector<json_fields> objects(const std::string& name, std::size_t max_count);

    void fail(const std::string& name, const std::string& reason);
    const std::optional<refused_input>& error() const { return *error_; }

private:
    json_fields(const nlohmann::json& object, std::string path, std::shared_ptr<std::optional<refused_input>> error);
    const nlohmann::json* find(const std::string& name) const;
    std::string path_of(const std::string& name) const;

    const nlohmann::json* object_;
    std::string path_;
    std::shared_ptr<std::optional<refused_input>> error_;
};

} // namespace switchboard::channels
