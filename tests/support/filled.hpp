#pragma once

#include <string>

namespace switchboard::test {

/// tests/load/fill: makes a migrated database that of a center that has worked for years. Its agents are filled0 and so
/// on, its supervisor is filled-all. From the project's folder; throws std::runtime_error when it fails.
void fill(const std::string& url, int tickets);

} // namespace switchboard::test
