#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace switchboard::test {

/// The real program as a process of its own, so that it can be killed and measured. SWITCHBOARD_BINARY names it;
/// without that it is looked for in the build that this test belongs to. It ends with the object, and with this
/// process.
class spawned_server {
public:
    using environment = std::map<std::string, std::string>; // SWITCHBOARD_SERVER_PORT=0 and a key for secrets are set

    /// Starts it and waits until it says where it serves. Throws std::runtime_error with what it said instead.
    /// `open_files` > 0: it may open so many files and no more.
    spawned_server(const std::vector<std::string>& arguments, const environment& more, unsigned open_files = 0);
    ~spawned_server(); // SIGTERM
    spawned_server(const spawned_server&) = delete;
    spawned_server& operator=(const spawned_server&) = delete;

    /// Its path.
    static std::string program();

    std::uint16_t port() const { return port_; }
    std::uint16_t ops_port() const { return ops_port_; }
    pid_t pid() const { return pid_; }
    const std::string& said() const { return said_; } // up to when it served

    /// Sends the signal and waits until the process is gone.
    void end_by(int signal);

    /// Waits until it has ended by itself: its exit status, or 128 + the signal that ended it.
    int status();

    /// A line of /proc/<pid>/status in kB: VmRSS, VmHWM.
    std::int64_t memory_kb(const std::string& line = "VmRSS") const;

private:
    void wait_until_it_serves(int output);

    pid_t pid_ = -1;
    int output_ = -1;
    std::uint16_t port_ = 0, ops_port_ = 0;
    std::string said_;
};

} // namespace switchboard::test
