#pragma once

#include <expected>
#include <string>

namespace switchboard::app {

/// The first line of a file; of standard input for "-", which is asked for twice and without echo where it is a
/// terminal.
std::expected<std::string, std::string> read_password(const std::string& file);

} // namespace switchboard::app
