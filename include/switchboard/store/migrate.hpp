#pragma once

#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace switchboard::store {

/// The schema cannot be brought to where this program needs it; the message says why and what to do.
class migration_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One file NNNN_name.sql.
struct migration {
    int version = 0;
    std::string name; // without number and ending
    std::string sql;
    std::string checksum; // sha256 of sql
};

/// The migrations of a folder in order. Throws migration_error for a gap, a double number or a name that is none.
std::vector<migration> read_migrations(const std::filesystem::path& folder);

/// SWITCHBOARD_MIGRATIONS, else the nearest folder `migrations` at or above the program's own, else the working
/// folder's. Throws migration_error when there is none.
std::filesystem::path find_migrations();

/// Applies what the database lacks, each file in one transaction, and returns what was applied. Several nodes may call
/// it at once: one works, the others wait. Throws migration_error when a file that was applied has changed or is gone,
/// and `unavailable`.
std::vector<migration> migrate(const std::string& url, const std::filesystem::path& folder);

struct migration_state {
    int applied = 0;     // the newest in the database
    int known = 0;       // the newest that this program has
    std::string problem; // empty = the database is as this program needs it
};
boost::asio::awaitable<migration_state> read_migration_state(database& db, std::vector<migration> known);

} // namespace switchboard::store
