#pragma once

#include <switchboard/model/contact.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// Lines of format=flowed (RFC 3676) joined to paragraphs; `delete_space` is the parameter DelSp=yes.
std::string unflow(std::string_view text, bool delete_space);

/// Takes uuencoded files ("begin 644 name" … "end") out of a text; what is no complete file stays.
std::string extract_uuencoded(std::string&& text, std::vector<attachment>& files);

/// A part whose transfer encoding is uuencode. What lacks its "begin" or its "end" is decoded all the same, and told.
struct uuencoded_part {
    std::string content;
    bool whole = false;
};
uuencoded_part decode_uuencoded_part(std::string_view body);

/// Takes yEnc files ("=ybegin … =yend") out of the bytes of a text, before their charset is looked at.
std::string extract_yenc(std::string&& bytes, std::vector<attachment>& files);

/// Whether words that nearly never occur stand in a long text: what `contains` finds, sooner.
bool mentions(std::string_view text, std::string_view words);

/// CRLF and lone CR become LF.
std::string unix_lines(std::string text);

} // namespace switchboard::channels::email
