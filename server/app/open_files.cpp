#include "app/open_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <sys/resource.h>

namespace switchboard::app {
namespace {

constexpr std::size_t fewest = 32;
constexpr std::size_t own_files = 160; // libraries' and logs, listeners, pipes to child programs, downloads, deliveries

std::size_t needed_beside(const config& c) {
    auto files = own_files + static_cast<std::size_t>(c.database_connections) + 1;
    for (const auto* listen : {&c.mail_lmtp_listen, &c.mail_smtp_listen})
        if (!listen->empty()) files += static_cast<std::size_t>(c.mail_max_connections);
    return files;
}

rlimit limit_now() {
    rlimit l{};
    if (::getrlimit(RLIMIT_NOFILE, &l) != 0) l.rlim_cur = l.rlim_max = 1024;
    return l;
}

std::size_t count_of(rlim_t n) {
    return n == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(n);
}

} // namespace

std::size_t raise_open_files() {
    auto l = limit_now();
    if (l.rlim_cur != l.rlim_max) {
        l.rlim_cur = l.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &l); // if it may not, what is left is what counts
    }
    return open_files();
}

std::size_t open_files() {
    return count_of(limit_now().rlim_cur);
}

std::size_t sockets_within(const config& c, std::size_t files) {
    const auto beside = needed_beside(c);
    const auto wanted = static_cast<std::size_t>(c.server_max_connections);
    const auto needs = beside + (wanted == 0 ? fewest : wanted);
    if (files < needs)
        throw std::runtime_error(
            wanted == 0
                ? fmt::format("the limit on open files is {}, and this server needs {}: raise it (ulimit -n, or "
                              "LimitNOFILE of systemd)",
                              files, needs)
                : fmt::format("server.max_connections is {}, for which {} open files are needed with mail and the "
                              "database; the limit is {}: raise it (ulimit -n, or LimitNOFILE of systemd) or set "
                              "server.max_connections to {} or less",
                              wanted, needs, files, files > beside ? files - beside : 0));
    return wanted == 0 ? std::min(most_sockets_by_default, files - beside) : wanted;
}

} // namespace switchboard::app
