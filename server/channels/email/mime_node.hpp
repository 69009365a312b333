#pragma once

#include "channels/email/gmime_ptr.hpp"

#include <string>
#include <string_view>

/// What one node of a mail's tree is and holds.
namespace switchboard::channels::email {

/// In lower case; "text/plain" where it says nothing.
std::string media_type(GMimeObject* node);
/// A parameter of Content-Type, in lower case.
std::string parameter(GMimeObject* node, const char* name);
/// A field of its header as it came; empty if there is none.
std::string raw_field(GMimeObject* node, const char* name);
std::string content_id(GMimeObject* node);
/// `charset`: of a raw name.
std::string file_name(GMimeObject* node, const std::string& charset);

/// The content as it lies in the mail where it needs no decoding; empty where it does.
std::string_view plain_content(GMimePart* part);
std::string decoded_content(GMimePart* part);
/// Whether its lines end in CRLF, as they came: its headers are as they were read.
bool has_crlf(GMimeObject* node);
/// A mail inside a mail, with the ends of lines with which it came.
std::string serialized(GMimeObject* node, bool crlf);

/// What a page says of its own charset, for mails that do not: <meta charset=…>, <meta … content="text/html;
/// charset=…">.
std::string charset_of_page(std::string_view html);

bool is_calendar(std::string_view type);
/// What browsers show: a photo between two texts is seen where it was put.
bool is_shown_picture(std::string_view type);

} // namespace switchboard::channels::email
