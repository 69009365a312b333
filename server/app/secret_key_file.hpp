#pragma once

#include <switchboard/util/config.hpp>
#include <switchboard/util/secret_box.hpp>

#include <filesystem>
#include <optional>

namespace switchboard::app {

/// Where the key is when the settings have none: beside the private PostgreSQL and not in it, so that a copy of the
/// data is not a copy of the key. Empty where the settings have a key, or another PostgreSQL is used.
std::optional<std::filesystem::path> secret_key_file(const config& c);

/// The configuration with the keys of that file, which is made (0600) if there is none. Throws std::runtime_error when
/// it cannot be read, is wrong, or others may read it.
config with_secret_key(config c);

/// The same without making one.
config with_known_secret_key(config c);

/// Puts a key before those in the file.
void add_key(const std::filesystem::path& file, const secret_text& key);

} // namespace switchboard::app
