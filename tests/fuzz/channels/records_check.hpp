#pragma once

#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels {

inline std::string_view bytes_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// What must hold of the records of any input: there are some, in clean UTF-8, and the same ones the next time.
inline void check_records(std::string_view kind, std::string_view body, std::string content_type = {},
                          std::vector<std::pair<std::string, std::string>> query = {},
                          const gateway_settings& settings = {}) {
    const raw_input input{
        .body = body, .content_type = std::move(content_type), .headers = {}, .query = std::move(query)};
    const auto records = normalize(kind, settings, input), again = normalize(kind, settings, input);
    require(!records.empty(), "an input gives a record");
    require(records.size() == again.size(), "the same input gives as many records");
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto line = to_json(records[i]);
        require(line == to_json(again[i]), "the same input gives the same records");
        require(clean_utf8(line) == line, "records are clean UTF-8");
        if (const auto* contact = std::get_if<inbound_contact>(&records[i])) {
            require(!contact->external_id.empty(), "a contact has an id");
            require(nlohmann::json::accept(contact->details), "details are JSON");
        }
    }
}

} // namespace switchboard::channels
