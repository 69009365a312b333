#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace switchboard::test {

/// A server of Debian's as a process of its own in the foreground. It ends with the object, and with this process.
class child_daemon {
public:
    /// Its output goes to `log`.
    child_daemon(const std::vector<std::string>& command, const std::filesystem::path& log);
    ~child_daemon(); // SIGTERM
    child_daemon(const child_daemon&) = delete;
    child_daemon& operator=(const child_daemon&) = delete;

    /// Sends the signal and waits until the process is gone.
    void end_by(int signal);

private:
    pid_t pid_ = -1;
};

/// A folder that service users can reach, which build/ need not be. Removed at the end.
class public_folder {
public:
    public_folder();
    ~public_folder();
    public_folder(const public_folder&) = delete;
    public_folder& operator=(const public_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Writes a file in it, with its folders.
    std::filesystem::path write(const std::string& name, const std::string& content) const;

private:
    std::filesystem::path path_;
};

/// Waits until somebody listens on the port. Throws after ten seconds.
void wait_for_port(std::uint16_t port);

} // namespace switchboard::test
