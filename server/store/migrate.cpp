#include <switchboard/store/migrate.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace switchboard::store {
namespace {

constexpr std::int64_t migration_lock = 0x5357424f415244; // one number for all nodes of an installation

migration read_file(const std::filesystem::path& file) {
    const auto stem = file.stem().string();
    const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
    if (stem.size() < 6 || !std::all_of(stem.begin(), stem.begin() + 4, is_digit) || stem[4] != '_')
        throw migration_error{fmt::format("{}: a migration is named NNNN_name.sql", file.string())};
    std::ifstream in{file, std::ios::binary};
    migration m{.version = std::stoi(stem.substr(0, 4)),
                .name = stem.substr(5),
                .sql = {std::istreambuf_iterator<char>{in}, {}},
                .checksum = {}};
    if (!in) throw migration_error{fmt::format("{} cannot be read", file.string())};
    m.checksum = sha256_hex(m.sql);
    return m;
}

struct applied_migration {
    int version = 0;
    std::string name, checksum;
};
BOOST_DESCRIBE_STRUCT(applied_migration, (), (version, name, checksum))

std::vector<applied_migration> read_applied(pqxx::transaction_base& tx) {
    return read_all<applied_migration>(tx.exec("SELECT * FROM schema_migration ORDER BY version"));
}

/// What is wrong with what was applied, measured against our files; empty = nothing.
std::string find_problem(const std::vector<applied_migration>& applied, const std::vector<migration>& known) {
    for (std::size_t i = 0; i < applied.size(); ++i) {
        const auto& a = applied[i];
        if (a.version != static_cast<int>(i) + 1)
            return fmt::format("the database lacks migration {:04} but has {:04}_{}", i + 1, a.version, a.name);
        if (i >= known.size())
            return fmt::format(
                "the database has migration {:04}_{}, which this program does not know: it is older than "
                "the database",
                a.version, a.name);
        if (a.checksum != known[i].checksum)
            return fmt::format(
                "migration {:04}_{} was changed after it was applied: restore the file and put the change "
                "into a new migration",
                a.version, a.name);
    }
    return {};
}

} // namespace

std::vector<migration> read_migrations(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error})
        if (entry.path().extension() == ".sql") files.push_back(entry.path());
    if (error) throw migration_error{fmt::format("{}: {}", folder.string(), error.message())};
    std::ranges::sort(files);

    std::vector<migration> out;
    for (const auto& file : files) {
        out.push_back(read_file(file));
        if (out.back().version != static_cast<int>(out.size()))
            throw migration_error{fmt::format("{}: migration {:04} was expected here", file.string(), out.size())};
    }
    if (out.empty()) throw migration_error{fmt::format("{} has no migrations", folder.string())};
    return out;
}

std::filesystem::path find_migrations() {
    if (const auto* named = std::getenv("SWITCHBOARD_MIGRATIONS")) return named;
    std::error_code ignored;
    for (auto at = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path(); !at.empty();
         at = at.parent_path()) {
        if (std::filesystem::is_directory(at / "migrations", ignored)) return at / "migrations";
        if (at == at.root_path()) break;
    }
    if (std::filesystem::is_directory("migrations", ignored)) return "migrations";
    throw migration_error{"the folder of the migrations is not found: set SWITCHBOARD_MIGRATIONS"};
}

std::vector<migration> migrate(const std::string& url, const std::filesystem::path& folder) {
    const auto known = read_migrations(folder);
    const auto connection = connect(url, {.application_name = "switchboard migrate"});
    std::vector<migration> done;
    try {
        pqxx::nontransaction session{*connection};
        session.exec("SET statement_timeout = 0; SET client_min_messages = warning");
        query(session, "SELECT pg_advisory_lock($1)", migration_lock); // ends with the connection
        session.exec("CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL, "
                     "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        const auto applied = read_applied(session);
        session.commit();
        if (const auto problem = find_problem(applied, known); !problem.empty()) throw migration_error{problem};

        for (auto i = applied.size(); i < known.size(); ++i) {
            const auto& m = known[i];
            try {
                pqxx::work tx{*connection};
                tx.exec(m.sql);
                query(tx, "INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)", m.version,
                      m.name, m.checksum);
                tx.commit();
            } catch (const pqxx::sql_error& e) {
                throw migration_error{fmt::format("migration {:04}_{}: {}", m.version, m.name, e.what())};
            }
            done.push_back(m);
        }
    } catch (const pqxx::failure& e) {
        throw unavailable{e.what()};
    }
    return done;
}

boost::asio::awaitable<migration_state> read_migration_state(database& db, std::vector<migration> known) {
    return run(db, [known = std::move(known)](pqxx::connection& c) {
        migration_state state;
        state.known = static_cast<int>(known.size());
        pqxx::work tx{c};
        if (value_of<bool>(tx.exec("SELECT to_regclass('schema_migration') IS NULL"))) {
            state.problem = "the database is empty: run `switchboard migrate`";
            return state;
        }
        const auto applied = read_applied(tx);
        state.applied = applied.empty() ? 0 : applied.back().version;
        state.problem = find_problem(applied, known);
        if (state.problem.empty() && state.applied < state.known)
            state.problem = fmt::format("the database is at migration {:04}, this program needs {:04}: run "
                                        "`switchboard migrate`",
                                        state.applied, state.known);
        return state;
    });
}

} // namespace switchboard::store
