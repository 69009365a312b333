#include "app/secret_key_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace switchboard::app {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, std::string_view what) {
    throw std::runtime_error{fmt::format("{}: {}", file.string(), what)};
}

/// A new file beside it, 0600 and on the disk.
fs::path write_beside(const fs::path& file, const secret_text& keys) {
    auto name = file.string() + ".XXXXXX";
    const int fd = ::mkstemp(name.data());
    if (fd < 0) fail(file, std::strerror(errno));
    const auto& text = keys.reveal();
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    if (::close(fd) != 0 || !written) {
        ::unlink(name.c_str());
        fail(file, "cannot be written");
    }
    return name;
}

/// What a directory holds is on the disk only after this.
void settle_folder(const fs::path& file) {
    const int fd = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

secret_text read_keys(const fs::path& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) fail(file, std::strerror(errno));
    if ((about.st_mode & 077) != 0) fail(file, "others may read or write this key: chmod 600");
    std::ifstream in{file, std::ios::binary};
    secret_text keys = std::string{std::istreambuf_iterator<char>{in}, {}};
    if (!in) fail(file, "cannot be read");
    const auto box = secret_box::with_keys(keys);
    if (!box) fail(file, box.error());
    if (!box->has_key()) fail(file, "has no key");
    return keys;
}

/// One that another process has made meanwhile is kept.
void make_keys(const fs::path& file) {
    const auto made = write_beside(file, secret_box::new_key().reveal() + '\n');
    const bool placed = ::link(made.c_str(), file.c_str()) == 0 || errno == EEXIST;
    const int why = errno;
    ::unlink(made.c_str());
    if (!placed) fail(file, std::strerror(why));
    settle_folder(file);
}

} // namespace

std::optional<fs::path> secret_key_file(const config& c) {
    if (!c.secret_key.empty() || !c.database_url.empty()) return std::nullopt;
    const auto folder = fs::absolute(c.database_folder).lexically_normal();
    return (folder.has_filename() ? folder : folder.parent_path()).string() + ".key";
}

config with_known_secret_key(config c) {
    if (const auto file = secret_key_file(c); file && fs::exists(*file)) c.secret_key = read_keys(*file).reveal();
    return c;
}

config with_secret_key(config c) {
    if (const auto file = secret_key_file(c)) {
        if (!fs::exists(*file)) make_keys(*file);
        c.secret_key = read_keys(*file).reveal();
    }
    return c;
}

void add_key(const fs::path& file, const secret_text& key) {
    const auto before = fs::exists(file) ? read_keys(file) : secret_text{};
    const auto made = write_beside(file, key.reveal() + '\n' + before.reveal());
    fs::rename(made, file);
    settle_folder(file);
}

} // namespace switchboard::app
