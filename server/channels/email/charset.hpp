#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// Text in the charset that `label` claims, as valid UTF-8 without NUL. Labels are taken as mail writes them ("gb2312"
/// means GB18030, "iso-8859-1" means Windows-1252, "utf8"); a missing, unknown or visibly wrong label is replaced by
/// what the bytes look like.
std::string to_utf8(std::string_view bytes, std::string_view label);

/// The same for a text that need not be kept: where there is nothing to convert, nothing is copied.
std::string to_utf8(std::string&& bytes, std::string_view label);

bool is_utf8(std::string_view bytes);

/// Whether this label names a character set that can be read.
bool is_charset(std::string_view label);

} // namespace switchboard::channels::email
