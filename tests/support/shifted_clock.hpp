#pragma once

#include "support/child_daemon.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace switchboard::test {

/// A clock of their own for the processes that are started with its environment (clock_shim/), which can be set while
/// they run. The time of this process, and what is monotonic, stays as it is.
class shifted_clock {
public:
    shifted_clock();

    std::map<std::string, std::string> environment() const;
    void set_ahead(std::chrono::nanoseconds by) const; // negative: behind

private:
    public_folder folder_;
    std::filesystem::path library_, file_;
};

/// A PostgreSQL whose clock can be set, with an empty database `switchboard`. As the private one of a server otherwise.
class shifted_postgres {
public:
    explicit shifted_postgres(const shifted_clock& clock);

    std::string url() const;

private:
    public_folder folder_;
    std::unique_ptr<child_daemon> server_;
};

} // namespace switchboard::test
