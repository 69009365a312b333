#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// The language in which a text is written, as BCP 47; `hint` is what the sender says of it (Content-Language). Empty
/// if the words are too few to tell and there is no hint.
std::string language_of(std::string_view text, std::string_view hint);

} // namespace switchboard::channels::email
