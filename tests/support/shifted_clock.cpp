#include "support/shifted_clock.hpp"

#include "store/cluster_programs.hpp"

#include <switchboard/store/cluster.hpp>

#include <fmt/format.h>
#include <pqxx/pqxx>
#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace switchboard::test {

namespace fs = std::filesystem;

shifted_clock::shifted_clock() : library_{folder_.path() / "clock_shim.so"}, file_{folder_.path() / "ahead"} {
    fs::copy_file(CLOCK_SHIM, library_); // a build's folder may be closed to service users
    set_ahead({});
}

std::map<std::string, std::string> shifted_clock::environment() const {
    return {{"LD_PRELOAD", library_}, {"SWITCHBOARD_CLOCK_OFFSET_FILE", file_}};
}

void shifted_clock::set_ahead(std::chrono::nanoseconds by) const {
    const std::int64_t ahead = by.count();
    // In place: the processes have the file in their memory.
    const auto how = std::ios::out | std::ios::binary | (fs::exists(file_) ? std::ios::in : std::ios::trunc);
    std::fstream out{file_, how};
    if (!out.write(reinterpret_cast<const char*>(&ahead), sizeof ahead)) throw std::runtime_error{"no clock to set"};
}

shifted_postgres::shifted_postgres(const shifted_clock& clock) {
    const auto place = folder_.path() / "postgres", sockets = folder_.path() / "sockets";
    const auto data = store::cluster{place}.folder() / "data"; // made, with its settings, and ended
    fs::create_directory(sockets);
    std::vector<std::string> command;
    if (::geteuid() == 0) {
        const auto* user = ::getpwnam("postgres");
        if (::chown(sockets.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error{"no socket folder"};
        command = {"/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT"};
    }
    command.emplace_back("/usr/bin/env");
    for (const auto& [name, value] : clock.environment()) command.push_back(name + '=' + value);
    for (const auto& word : {(store::find_postgres_programs(data) / "postgres").string(), std::string{"-D"},
                             data.string(), std::string{"-k"}, sockets.string()})
        command.push_back(word);
    server_ = std::make_unique<child_daemon>(command, folder_.path() / "log");
    for (const auto latest = std::chrono::steady_clock::now() + std::chrono::minutes{1};;) {
        try {
            pqxx::connection probe{url()};
            return;
        } catch (const pqxx::broken_connection&) {
            if (std::chrono::steady_clock::now() > latest) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }
}

std::string shifted_postgres::url() const {
    return fmt::format("postgresql:///switchboard?host={}&user=switchboard", (folder_.path() / "sockets").string());
}

} // namespace switchboard::test
