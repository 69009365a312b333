#include "store/cluster_programs.hpp"

#include <switchboard/store/cluster_patience.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_version = 15;

struct installation {
    int version;
    fs::path programs;
};

/// The first line that a fixed command prints; empty if it fails.
std::string ask(const char* command) {
    const auto close = [](FILE* f) { ::pclose(f); };
    const std::unique_ptr<FILE, decltype(close)> pipe{::popen(command, "re"), close};
    std::string line(512, '\0');
    if (!pipe || !std::fgets(line.data(), static_cast<int>(line.size()), pipe.get())) return {};
    return line.substr(0, line.find_first_of("\n\0", 0, 2));
}

int leading_number(const std::string& text) {
    const auto begin = std::min(text.find_first_of("0123456789"), text.size());
    int number = 0;
    std::from_chars(text.data() + begin, text.data() + text.size(), number);
    return number;
}

/// Debian keeps each version in a folder of its own; elsewhere pg_config knows.
std::vector<installation> installations() {
    std::vector<installation> found;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", absent))
        found.push_back({leading_number(entry.path().filename()), entry.path() / "bin"});
    if (const auto folder = ask("pg_config --bindir 2>/dev/null"); !folder.empty())
        found.push_back({leading_number(ask("pg_config --version 2>/dev/null")), folder});
    std::erase_if(found, [](const installation& i) {
        return i.version < oldest_version || !fs::exists(i.programs / "postgres") || !fs::exists(i.programs / "initdb");
    });
    std::ranges::sort(found, std::greater{}, &installation::version);
    return found;
}

std::optional<int> version_of(const fs::path& data) {
    std::ifstream in(data / "PG_VERSION");
    int version = 0;
    return in >> version ? std::optional{version} : std::nullopt;
}

} // namespace

fs::path find_postgres_programs(const fs::path& data) {
    const auto found = installations();
    const auto wanted = version_of(data);
    const auto fits = [&](const installation& i) { return !wanted || i.version == *wanted; };
    if (const auto best = std::ranges::find_if(found, fits); best != found.end()) return best->programs;
    if (wanted)
        throw cluster_error(
            fmt::format("{} was made by PostgreSQL {}, which is not installed", data.string(), *wanted));
    throw cluster_error(fmt::format("PostgreSQL {} or newer is not installed", oldest_version));
}

} // namespace switchboard::store
