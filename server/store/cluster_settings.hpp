#pragma once

#include <filesystem>
#include <string>

namespace switchboard::store {

/// postgresql.conf of the private cluster, tuned for the machine that it runs on; durability is PostgreSQL's own.
std::string cluster_settings(const std::filesystem::path& socket_folder);

} // namespace switchboard::store
