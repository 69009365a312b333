#pragma once

#include "api/wire/json_view.hpp"

#include <switchboard/api/problem.hpp>
#include <switchboard/model/datum.hpp>
#include <switchboard/model/time.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::api {

/// Collects what is wrong, each with the path of its field, like "skills[2].level".
class decoder {
public:
    std::vector<field_error> errors;
    static constexpr std::size_t most_errors = 50; // past this many they say nothing new

    void fail(std::string message) {
        if (errors.size() < most_errors) errors.push_back({path_, std::move(message)});
    }

    /// While it lives, what is read belongs to this field or item.
    class place {
    public:
        place(std::string& path, std::string_view step) : path_{path}, length_{path.size()} { path_ += step; }
        ~place() { path_.resize(length_); }
        place(const place&) = delete;
        place& operator=(const place&) = delete;

    private:
        std::string& path_;
        std::size_t length_;
    };
    [[nodiscard]] place enter(const std::string& field) { return {path_, path_.empty() ? field : "." + field}; }
    [[nodiscard]] place enter(std::size_t item) { return {path_, "[" + std::to_string(item) + "]"}; }

    /// A path like "[2].min" or "min".
    [[nodiscard]] place enter_path(const std::string& inside) {
        return {path_, path_.empty() || inside.empty() || inside.starts_with('[') ? inside : "." + inside};
    }

    void read_text(json_view from, std::size_t least, std::size_t most, std::string& to);
    void read_label(json_view from, std::size_t most, std::string& to);
    void read_integer(json_view from, std::int64_t least, std::int64_t most, std::int64_t& to);
    void read_choice(json_view from, const std::vector<std::string_view>& choices, std::string& to);
    std::optional<datum> read_declared(json_view from, const datum& schema);
    void read_object(json_view from, std::size_t most_bytes, std::string& to);
    void read_boolean(json_view from, bool& to);
    void read_time(json_view from, timestamp& to);
    bool is_list(json_view from, std::size_t most);
    void refuse_others(json_view from, const std::vector<std::string>& known);

    // The same rules for what is not JSON: the values of a query.
    void check_length(std::string_view text, std::size_t least, std::size_t most);
    void parse_integer(std::string_view from, std::int64_t least, std::int64_t most, std::int64_t& to);
    void parse_time(std::string_view from, timestamp& to);
    void check_choice(std::string_view text, const std::vector<std::string_view>& choices);
    void parse_boolean(std::string_view from, bool& to);

private:
    bool is_text(json_view from);
    void check_range(std::int64_t value, std::int64_t least, std::int64_t most);

    std::string path_;
};

} // namespace switchboard::api
