#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/gateway_settings.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels {

/// One input exactly as it came: the raw bytes and what the transport said about them.
struct raw_input {
    std::string_view body;
    std::string content_type;                                 // with parameters; may be empty
    std::vector<std::pair<std::string, std::string>> headers; // names in any case
    std::vector<std::pair<std::string, std::string>> query;   // decoded; e-mail: rcpt, mail_from
};

/// Bounds that keep one hostile input from hurting the others.
struct limits {
    std::size_t message_bytes = 50u << 20;
    std::size_t header_bytes = 256u << 10;
    std::size_t parts = 1000;
    std::size_t depth = 30;
    std::size_t values = 100'000; // of JSON: elements and members in total
    std::size_t records = 20'000; // in one input: calls, events; a line of two bytes is one of a kilobyte
    std::size_t shown_text_bytes = 1u << 20;
    std::size_t unpacked_bytes = 200u << 20;
};

} // namespace switchboard::channels
