#pragma once

#include <switchboard/model/contact.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// What stands in a winmail.dat (MS-OXTNEF), by which Outlook replaces the parts of a mail.
struct tnef_content {
    std::string text, html; // of the message; either may be empty
    std::string subject;
    std::vector<attachment> attachments; // of messages inside it too
    bool damaged = false;                // it ends too early or is no TNEF at all; what was read is kept
};

bool is_tnef(std::string_view bytes);

/// Reads at most `most_files` files and `most_bytes` of them.
tnef_content read_tnef(std::string_view bytes, std::size_t most_files, std::size_t most_bytes);

} // namespace switchboard::channels::email
