#pragma once

#include <switchboard/channels/inputs.hpp>

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// Why a mail may not be handed to the MIME parser ("more than 1000 MIME parts"); empty = it may. One pass in linear
/// time and constant memory over the boundary lines, so that a hostile mail is refused before it costs anything.
std::string over_limits(std::string_view mail, const limits& bounds);

/// The header block of a mail: everything before the first empty line.
std::string_view header_block(std::string_view mail);

/// Whether the block begins like the header of a mail: a field that mail knows before any line that is no field.
bool looks_like_mail(std::string_view block);

} // namespace switchboard::channels::email
