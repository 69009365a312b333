#pragma once

#include <filesystem>

namespace switchboard::store {

/// The folder of `postgres` and `initdb`: of the version that made `data` where that exists, else the newest from 15
/// on. Throws cluster_error.
std::filesystem::path find_postgres_programs(const std::filesystem::path& data);

} // namespace switchboard::store
