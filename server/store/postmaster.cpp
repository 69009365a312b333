#include "store/postmaster.hpp"

#include "store/child_process.hpp"

#include <switchboard/store/cluster_patience.hpp>
#include <switchboard/util/log.hpp>

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

template <class F>
bool happens_within(clock::duration limit, F condition) {
    for (const auto end = clock::now() + limit; clock::now() < end; std::this_thread::sleep_for(10ms))
        if (condition()) return true;
    return condition();
}

std::vector<pid_t> processes_of(const postgres_place& where) {
    return processes_in(where.data, "postgres");
}

} // namespace

/// A PostgreSQL that still runs is stopped; lock files, whose numbers may mean other processes by now, are removed. The
/// cluster's lock is ours, so nobody is using it. Shared memory that was left PostgreSQL itself takes up and clears.
void postmaster::clear_away_orphans() const {
    const auto gone_within = [this](clock::duration limit) {
        return happens_within(limit, [this] { return processes_of(where_).empty(); });
    };
    if (const auto left = processes_of(where_); !left.empty()) {
        log::warn("database_orphan", {{"folder", where_.data.string()}, {"processes", left.size()}});
        pid_t first = 0;
        std::ifstream(where_.data / "postmaster.pid") >> first;
        const bool whole = std::ranges::find(left, first) != left.end();
        if (whole) ::kill(first, SIGINT);
        // Without their postmaster they end by themselves, as soon as they look. Starting beside them would ruin the
        // data; ending them does not, since a crash is recovered from anyhow.
        for (const auto& [patience, signal] :
             {std::pair<clock::duration, int>{whole ? 60s : 3s, SIGQUIT}, {10s, SIGKILL}, {10s, 0}}) {
            if (gone_within(patience)) break;
            if (signal == 0)
                throw cluster_error(fmt::format("another PostgreSQL is still at work in {}", where_.data.string()));
            for (const auto pid : processes_of(where_)) ::kill(pid, signal);
        }
    }
    fs::remove(where_.data / "postmaster.pid");
    fs::remove(where_.socket_folder / ".s.PGSQL.5432.lock");
    fs::remove(where_.socket_folder / ".s.PGSQL.5432");
}

void postmaster::launch() {
    const auto log = where_.folder / "postgres.log";
    constexpr std::uintmax_t log_limit = 16U << 20U;
    std::error_code absent;
    if (const auto size = fs::file_size(log, absent); !absent && size > log_limit)
        fs::rename(log, where_.folder / "postgres.log.1");
    // SIGINT is PostgreSQL's fast shutdown: our own end, however sudden, is a clean end for it.
    pid_ = store::start({.arguments = {where_.programs / "postgres", "-D", where_.data},
                         .folder = where_.data,
                         .log = log,
                         .uid = where_.uid,
                         .gid = where_.gid,
                         .signal_when_orphaned = SIGINT});
}

void postmaster::wait_until_ready(const std::atomic<bool>& stopping) {
    constexpr auto patience = 30min; // recovery after a crash may have much to replay
    const auto ready = [&] {
        if (stopping) return true;
        if (!running())
            throw cluster_error(fmt::format("PostgreSQL did not start ({}):\n{}", how_it_ended_, last_words(5)));
        std::ifstream in(where_.data / "postmaster.pid");
        std::string line;
        for (int n = 0; n < 8; ++n) std::getline(in, line); // the eighth line is its state
        return line.starts_with("ready");
    };
    if (!happens_within(patience, ready))
        throw cluster_error(fmt::format("PostgreSQL is not ready after {} minutes", patience.count()));
}

void postmaster::start(const std::atomic<bool>& stopping) {
    clear_away_orphans();
    launch();
    wait_until_ready(stopping);
}

bool postmaster::running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
    pid_ = -1;
    how_it_ended_ = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                        : fmt::format("exit status {}", WEXITSTATUS(status));
    return false;
}

void postmaster::stop() {
    for (const auto& [signal, patience] : {std::pair{SIGINT, 60s}, std::pair{SIGQUIT, 10s}, std::pair{SIGKILL, 10s}}) {
        if (!running()) break;
        ::kill(pid_, signal);
        if (happens_within(patience, [&] { return !running(); })) break;
        log::warn("database_stop_slow", {{"signal", signal}});
    }
}

std::string postmaster::last_words(std::size_t lines) const {
    return last_words_of(where_.folder / "postgres.log", lines);
}

std::string last_words_of(const fs::path& log, std::size_t lines) {
    constexpr std::streamoff most = 4000;
    std::ifstream in(log, std::ios::binary | std::ios::ate);
    if (!in) return {};
    in.seekg(std::max<std::streamoff>(0, static_cast<std::streamoff>(in.tellg()) - most));
    std::string text{std::istreambuf_iterator<char>(in), {}};
    while (text.ends_with('\n')) text.pop_back();
    auto at = text.size();
    for (; lines > 0 && at != text.npos && at > 0; --lines) at = text.rfind('\n', at - 1);
    return at == text.npos || at == 0 ? text : text.substr(at + 1);
}

} // namespace switchboard::store
