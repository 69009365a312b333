#include "fuzz/channels/records_check.hpp"

#include <switchboard/channels/html.hpp>

#include "channels/email/reply_trim.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    const auto text = clean_utf8(bytes_of(data, size));
    const auto reply = email::trim_reply(text, "Re: hello");
    require(reply.size() <= text.size(), "a trimmed text is no longer");
    require(!trim(text).empty() || trim(reply).empty(), "a text that says nothing still does not");
    require(!trim(reply).empty() || text.find_first_of(":-") != std::string::npos || trim(text).empty(),
            "only attributions of empty mails are no words");
    const auto page = read_html(text);
    require(page.history == std::string::npos || page.history <= page.text.size(), "history begins within the text");
    sanitize_html(text);
    return 0;
}
