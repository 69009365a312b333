#include "app/read_password.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <istream>

#include <termios.h>
#include <unistd.h>

namespace switchboard::app {
namespace {

constexpr std::size_t longest_line = 4096;

/// What is typed is not shown while this lives.
class no_echo {
public:
    no_echo() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~no_echo() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    no_echo(const no_echo&) = delete;
    no_echo& operator=(const no_echo&) = delete;

private:
    termios before_{};
    bool changed_ = false;
};

std::expected<std::string, std::string> first_line(std::istream& in, const std::string& of) {
    std::string line(longest_line, '\0');
    in.getline(line.data(), static_cast<std::streamsize>(line.size()));
    if (in.bad() || (in.fail() && !in.eof())) return std::unexpected{of + " cannot be read, or its line is too long"};
    line.resize(line.find('\0'));
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return std::unexpected{of + " is empty"};
    return line;
}

std::expected<std::string, std::string> ask(const char* prompt) {
    const no_echo quiet;
    fmt::print(stderr, "{}", prompt);
    auto typed = first_line(std::cin, "the password");
    fmt::print(stderr, "\n");
    return typed;
}

} // namespace

std::expected<std::string, std::string> read_password(const std::string& file) {
    if (file != "-") {
        std::ifstream in{file};
        if (!in) return std::unexpected{file + " cannot be opened"};
        return first_line(in, file);
    }
    if (::isatty(STDIN_FILENO) == 0) return first_line(std::cin, "standard input");
    auto typed = ask("New password: ");
    if (!typed) return typed;
    const auto again = ask("Once more: ");
    if (!again || *again != *typed) return std::unexpected{"these two are not the same"};
    return typed;
}

} // namespace switchboard::app
