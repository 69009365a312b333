#include "support/child_daemon.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace switchboard::test {

namespace fs = std::filesystem;

child_daemon::child_daemon(const std::vector<std::string>& command, const fs::path& log) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::close_range(3, ~0u, 0); // the test's sockets are none of its business
    std::vector<char*> argv;
    for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

child_daemon::~child_daemon() {
    end_by(SIGTERM);
}

void child_daemon::end_by(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

public_folder::public_folder() {
    std::string pattern = fs::temp_directory_path() / "switchboard-test-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
    fs::permissions(path_, fs::perms{0755});
}

public_folder::~public_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path public_folder::write(const std::string& name, const std::string& content) const {
    const auto file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream{file} << content;
    return file;
}

void wait_for_port(std::uint16_t port) {
    boost::asio::io_context io;
    const auto latest = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    for (;;) {
        boost::asio::ip::tcp::socket probe{io};
        boost::system::error_code ec;
        probe.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
        if (!ec) return;
        if (std::chrono::steady_clock::now() > latest)
            throw std::runtime_error{"nobody listens on port " + std::to_string(port)};
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

} // namespace switchboard::test
