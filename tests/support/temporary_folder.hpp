#pragma once

#include <filesystem>
#include <string_view>

namespace switchboard::test {

/// A folder below build/ for the length of a test. Removed at the end, with what links in it lead to.
class temporary_folder {
public:
    explicit temporary_folder(std::string_view name);
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    operator const std::filesystem::path&() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace switchboard::test
