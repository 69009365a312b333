#include "support/spawned_server.hpp"
#include "support/secret_key.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const spawned_server::environment& more, unsigned open_files, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::close_range(3, ~0u, 0); // the test's sockets would stay open in it
    ::setenv("SWITCHBOARD_SERVER_PORT", "0", 1);
    ::setenv("SWITCHBOARD_SERVER_OPS_ADDRESS", "127.0.0.1:0", 0);
    ::setenv("SWITCHBOARD_LOG_LEVEL", "error", 0);
    ::setenv("SWITCHBOARD_SECRET_KEY", secret_key, 0);
    for (const auto& [name, value] : more) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    if (const rlimit files{open_files, open_files}; open_files > 0) ::setrlimit(RLIMIT_NOFILE, &files);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
}

} // namespace

std::string spawned_server::program() {
    if (const char* named = std::getenv("SWITCHBOARD_BINARY")) return named;
    for (auto at = fs::read_symlink("/proc/self/exe").parent_path(); at.has_relative_path(); at = at.parent_path())
        if (fs::is_regular_file(at / "switchboard")) return at / "switchboard";
    throw std::runtime_error{"the server's program is not found: set SWITCHBOARD_BINARY"};
}

spawned_server::spawned_server(const std::vector<std::string>& arguments, const environment& more,
                               unsigned open_files) {
    const auto file = program();
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    pid_ = ::fork();
    if (pid_ == 0) become(file, arguments, more, open_files, ends[1]);
    ::close(ends[1]);
    output_ = ends[0];
    try {
        wait_until_it_serves(output_);
    } catch (...) {
        end_by(SIGKILL);
        throw;
    }
}

spawned_server::~spawned_server() {
    end_by(SIGTERM);
}

void spawned_server::wait_until_it_serves(int output) {
    using clock = std::chrono::steady_clock;
    const auto patience = clock::now() + std::chrono::minutes{2};
    const std::string mark = "serves http://localhost:", ops_mark = "Its state and metrics: port ";
    for (;;) {
        if (const auto at = said_.find(mark); at != said_.npos && said_.find('\n', at) != said_.npos) {
            port_ = static_cast<std::uint16_t>(std::stoi(said_.substr(at + mark.size())));
            if (const auto ops = said_.find(ops_mark); ops != said_.npos)
                ops_port_ = static_cast<std::uint16_t>(std::stoi(said_.substr(ops + ops_mark.size())));
            return;
        }
        pollfd p{.fd = output, .events = POLLIN, .revents = 0};
        char bytes[4096];
        ssize_t n = 0;
        if (::poll(&p, 1, 1000) > 0) n = ::read(output, bytes, sizeof bytes);
        if (n > 0) said_.append(bytes, static_cast<std::size_t>(n));
        if ((n <= 0 && (p.revents & POLLHUP) != 0) || clock::now() > patience)
            throw std::runtime_error{fmt::format("the server did not start: {}", said_)};
    }
}

void spawned_server::end_by(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    ::close(output_);
    pid_ = -1;
}

int spawned_server::status() {
    int ended = 0;
    ::waitpid(std::exchange(pid_, -1), &ended, 0);
    ::close(output_);
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
}

std::int64_t spawned_server::memory_kb(const std::string& line) const {
    std::ifstream in(fmt::format("/proc/{}/status", pid_));
    for (std::string name; in >> name;) {
        std::int64_t kb = 0;
        if (name == line + ':' && in >> kb) return kb;
    }
    return 0;
}

} // namespace switchboard::test
