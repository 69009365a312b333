#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// Decompresses the RTF of Outlook (MS-OXRTFCP); nothing if it is damaged from the start.
std::optional<std::string> decompress_rtf(std::string_view bytes);

struct rtf_words {
    std::string text;
    std::string html;        // where the RTF only wraps an HTML page (MS-OXRTFEX)
    bool is_wrapped = false; // the RTF says nothing beyond the text or HTML that it was made of
};

/// The words of an RTF document, without its formatting, pictures and fields. Linear time.
rtf_words read_rtf(std::string_view rtf);

} // namespace switchboard::channels::email
