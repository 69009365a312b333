#include "channels/fax/pdf_page.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>

namespace switchboard::channels {

namespace {

using namespace std::chrono_literals;

constexpr rlim_t most_seconds = 10;
constexpr rlim_t most_process_memory = 512u << 20;
constexpr std::size_t most_output = 32u << 20;

class descriptor {
public:
    explicit descriptor(int fd = -1) : fd_{fd} {}
    ~descriptor() { reset(); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int get() const { return fd_; }
    void reset() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

void limit(int what, rlim_t most) {
    const rlimit both{most, most};
    ::setrlimit(what, &both);
}

/// In the child: nothing but the input, the output and little of everything. Never returns.
[[noreturn]] void become_pdftoppm(int in, int out, const std::string& page) {
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDERR_FILENO);
    ::close_range(3, ~0u, 0);
    limit(RLIMIT_CPU, most_seconds);
    limit(RLIMIT_AS, most_process_memory);
    limit(RLIMIT_FSIZE, 0); // it writes into a pipe, and to no file
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_CORE, 0);
    char* const environment[] = {nullptr};
    ::execle("/usr/bin/pdftoppm", "pdftoppm", "-png", "-r", "110", "-f", page.c_str(), "-l", page.c_str(), "-", nullptr,
             environment);
    ::_exit(127);
}

/// All that comes within the time; the child is killed if there is too much or it takes too long.
std::string read_all(int from, pid_t child) {
    std::string out;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{most_seconds + 2};
    char buffer[64 * 1024];
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd waiting{from, POLLIN, 0};
        if (left <= 0ms || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0 || out.size() > most_output) {
            ::kill(child, SIGKILL);
            return {};
        }
        const auto n = ::read(from, buffer, sizeof buffer);
        if (n <= 0) return out;
        out.append(buffer, static_cast<std::size_t>(n));
    }
}

} // namespace

std::optional<std::string> pdf_page(std::string_view file, int page) {
    const descriptor input{::memfd_create("page.pdf", MFD_CLOEXEC)};
    if (input.get() < 0) return std::nullopt;
    for (std::size_t done = 0; done < file.size();) {
        const auto n = ::write(input.get(), file.data() + done, file.size() - done);
        if (n <= 0) return std::nullopt;
        done += static_cast<std::size_t>(n);
    }
    ::lseek(input.get(), 0, SEEK_SET);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    const descriptor output{ends[0]};
    descriptor childs_end{ends[1]};
    const std::string number = std::to_string(page);
    const pid_t child = ::fork();
    if (child < 0) return std::nullopt;
    if (child == 0) become_pdftoppm(input.get(), childs_end.get(), number);
    childs_end.reset();
    auto picture = read_all(output.get(), child);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const bool drawn = WIFEXITED(status) && WEXITSTATUS(status) == 0 && picture.starts_with("\x89PNG");
    return drawn ? std::optional{std::move(picture)} : std::nullopt;
}

} // namespace switchboard::channels
