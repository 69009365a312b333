#include "support/smtp_sink.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace switchboard::test {

namespace {

constexpr auto sink_patience = std::chrono::seconds{10};

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    return ends;
}

} // namespace

struct smtp_sink::process {
    explicit process(std::uint16_t wanted) {
        const auto in = make_pipe(), out = make_pipe();
        orders = in[1];
        answers = out[0];
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        std::string python = "/usr/bin/python3", no_cache = "-B",
                    script = "tests/support/smtp_sink.py"; // Debian's: it has aiosmtpd
        std::string number = std::to_string(wanted);
        char* arguments[] = {python.data(), no_cache.data(), script.data(), number.data(), nullptr};
        const int failed = posix_spawn(&pid, python.c_str(), &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        close(in[0]);
        close(out[1]);
        if (failed != 0) throw std::runtime_error{"cannot start " + script};
        const auto greeting = line();
        if (!greeting.starts_with("listening ")) throw std::runtime_error{"is python3-aiosmtpd installed? " + greeting};
        port = static_cast<std::uint16_t>(std::stoi(greeting.substr(10)));
    }

    ~process() {
        close(orders); // its end
        waitpid(pid, nullptr, 0);
        close(answers);
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    bool readable(std::chrono::milliseconds how_long) const {
        pollfd p{answers, POLLIN, 0};
        return poll(&p, 1, static_cast<int>(how_long.count())) == 1;
    }

    std::string line() {
        const auto latest = std::chrono::steady_clock::now() + sink_patience;
        for (;;) {
            if (const auto end = text.find('\n'); end != text.npos) {
                auto first = text.substr(0, end);
                text.erase(0, end + 1);
                return first;
            }
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(latest - std::chrono::steady_clock::now());
            std::array<char, 65536> more;
            if (left.count() <= 0 || !readable(left)) throw std::runtime_error{"the mail server says nothing"};
            const auto n = read(answers, more.data(), more.size());
            if (n <= 0) throw std::runtime_error{"the mail server has ended"};
            text.append(more.data(), static_cast<std::size_t>(n));
        }
    }

    pid_t pid = 0;
    int orders = -1, answers = -1;
    std::uint16_t port = 0;
    std::string text;
};

smtp_sink::smtp_sink(std::uint16_t port) : process_{std::make_unique<process>(port)}, port_{process_->port} {}
smtp_sink::~smtp_sink() = default;

void smtp_sink::stop() {
    process_.reset();
}

void smtp_sink::start() {
    process_ = std::make_unique<process>(port_);
}

void smtp_sink::answer(const std::string& how) {
    const auto order = how + "\n";
    if (write(process_->orders, order.data(), order.size()) != std::ssize(order))
        throw std::runtime_error{"no mail server"};
    if (const auto said = process_->line(); said != "agreed") throw std::runtime_error{"not read before: " + said};
}

nlohmann::json smtp_sink::next() {
    return nlohmann::json::parse(process_->line());
}

bool smtp_sink::is_quiet() const {
    return process_->text.empty() && !process_->readable(std::chrono::milliseconds{0});
}

} // namespace switchboard::test
