#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace switchboard::store {

/// A program to run with nothing of ours: its own session (Ctrl-C is for us alone), no open files but these, no
/// signals blocked, an environment of two variables.
struct child_program {
    std::vector<std::string> arguments; // [0] is the program's path
    std::filesystem::path folder;       // to run in
    std::filesystem::path log;          // stdout and stderr are appended here
    uid_t uid;
    gid_t gid;
    int signal_when_orphaned = 0; // sent to it when the thread that started it ends
};

/// Starts it as that user. Throws std::system_error.
pid_t start(const child_program& program);

/// Starts it and waits; the exit status, or 128 + the signal that ended it.
int run(const child_program& program);

/// Whether that user may enter the folder.
bool can_enter(const std::filesystem::path& folder, uid_t uid, gid_t gid);

/// The processes of this program whose working directory is `folder` (as far as we may know).
std::vector<pid_t> processes_in(const std::filesystem::path& folder, const std::string& program);

} // namespace switchboard::store
