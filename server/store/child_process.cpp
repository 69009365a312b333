#include "store/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <system_error>

namespace switchboard::store {
namespace {

std::system_error failure(const char* what) {
    return {errno, std::system_category(), what};
}

/// In the child, after fork in a process that may have threads: async-signal-safe calls only.
bool become(uid_t uid, gid_t gid) {
    if (::geteuid() == uid) return true;
    return ::setgroups(0, nullptr) == 0 && ::setgid(gid) == 0 && ::setuid(uid) == 0;
}

[[noreturn]] void become_program(char* const* arguments, char* const* environment, const char* folder, int log,
                                 const child_program& program, pid_t parent) {
    ::setsid();
    if (::dup2(log, STDOUT_FILENO) < 0 || ::dup2(log, STDERR_FILENO) < 0) ::_exit(126);
    if (const int nothing = ::open("/dev/null", O_RDONLY); nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0)
        ::_exit(126);
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    if (!become(program.uid, program.gid)) ::_exit(126);
    // After the change of user, which clears it.
    if (program.signal_when_orphaned != 0) {
        ::prctl(PR_SET_PDEATHSIG, program.signal_when_orphaned);
        if (::getppid() != parent) ::_exit(126); // it ended before we asked
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::chdir(folder) == 0) ::execve(arguments[0], arguments, environment);
    ::_exit(127);
}

int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) throw failure("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

pid_t start(const child_program& program) {
    auto words = program.arguments;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::string path = "PATH=/usr/local/bin:/usr/bin:/bin", language = "LC_ALL=C.UTF-8";
    const std::array<char*, 3> environment{path.data(), language.data(), nullptr};

    const int log = ::open(program.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) throw failure(program.log.c_str());
    const auto parent = ::getpid();
    const auto pid = ::fork();
    if (pid == 0) become_program(arguments.data(), environment.data(), program.folder.c_str(), log, program, parent);
    ::close(log);
    if (pid < 0) throw failure("fork");
    return pid;
}

int run(const child_program& program) {
    return wait_for(start(program));
}

bool can_enter(const std::filesystem::path& folder, uid_t uid, gid_t gid) {
    const auto pid = ::fork();
    if (pid < 0) throw failure("fork");
    if (pid == 0) ::_exit(become(uid, gid) && ::access(folder.c_str(), X_OK) == 0 ? 0 : 1);
    return wait_for(pid) == 0;
}

std::vector<pid_t> processes_in(const std::filesystem::path& folder, const std::string& program) {
    std::vector<pid_t> found;
    std::error_code unreadable;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", unreadable)) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size()) continue;
        std::error_code gone;
        if (std::filesystem::read_symlink(entry.path() / "cwd", gone) != folder || gone) continue;
        std::string name_of_program; // a shell that looks around there is none of ours
        if (std::getline(std::ifstream{entry.path() / "comm"}, name_of_program) && name_of_program == program)
            found.push_back(pid);
    }
    return found;
}

} // namespace switchboard::store
