#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;

fs::path home() {
    const auto place = fs::absolute("build/test-folders");
    fs::create_directories(place);
    return place;
}

/// A cluster's folder may be a link to a place that its user can reach.
void remove_whole(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.is_symlink()) fs::remove_all(fs::read_symlink(entry), ignored);
    fs::remove_all(folder, ignored);
}

/// What earlier test processes left when they were killed.
void sweep() {
    for (const auto& entry : fs::directory_iterator(home())) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        std::from_chars(name.data(), name.data() + name.size(), pid);
        if (!fs::exists(fmt::format("/proc/{}", pid))) remove_whole(entry);
    }
}

} // namespace

temporary_folder::temporary_folder(std::string_view name) {
    static int count = 0;
    if (count == 0) sweep();
    path_ = home() / fmt::format("{}-{}-{}", ::getpid(), ++count, name);
    fs::create_directories(path_);
}

temporary_folder::~temporary_folder() {
    remove_whole(path_);
}

} // namespace switchboard::test
