// Preloaded into a program, it sets the clock that the program sees: by so many nanoseconds as stand in the first eight
// bytes of the file that SWITCHBOARD_CLOCK_OFFSET_FILE names, from the moment on at which they are written. The
// monotonic clock stays as it is, as when an administrator sets a machine's clock. No C++ runtime: it also goes into
// PostgreSQL.

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr int64_t second = 1'000'000'000;
const int64_t nothing = 0;
const volatile int64_t* ahead = nullptr; // of the machine's clock

int64_t shift() {
    if (!ahead) {
        const char* name = getenv("SWITCHBOARD_CLOCK_OFFSET_FILE");
        const int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
        void* const seen = file < 0 ? MAP_FAILED : mmap(nullptr, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
        if (file >= 0) close(file);
        ahead = seen == MAP_FAILED ? &nothing : static_cast<const int64_t*>(seen);
    }
    return *ahead;
}

/// Past the C library's function of that name, which is this one.
int ask(clockid_t clock, timespec* to) {
    const long failed = syscall(SYS_clock_gettime, clock, to);
    if (failed != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return static_cast<int>(failed);
    const int64_t at = to->tv_sec * second + to->tv_nsec + shift();
    to->tv_sec = at / second;
    to->tv_nsec = at % second;
    return 0;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* to) noexcept {
    return ask(clock, to);
}

int gettimeofday(timeval* to, void*) noexcept {
    timespec at;
    if (ask(CLOCK_REALTIME, &at) != 0) return -1;
    to->tv_sec = at.tv_sec;
    to->tv_usec = at.tv_nsec / 1000;
    return 0;
}

time_t time(time_t* to) noexcept {
    timespec at;
    if (ask(CLOCK_REALTIME, &at) != 0) return -1;
    if (to) *to = at.tv_sec;
    return at.tv_sec;
}
}
