#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// A page of a PDF as PNG, by the program pdftoppm: a child process, since it eats hostile input and is GPL.
std::optional<std::string> pdf_page(std::string_view file, int page);

} // namespace switchboard::channels
