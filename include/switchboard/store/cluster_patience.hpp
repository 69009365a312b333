#pragma once

#include <chrono>
#include <stdexcept>

namespace switchboard::store {

/// The cluster cannot be had; the message says why and what to do.
class cluster_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// When starting it again is given up: after so many failures in a row (short lives count), once so much time has
/// passed. A full disk is waited for.
struct cluster_patience {
    int failures = 8;
    std::chrono::milliseconds time = std::chrono::minutes{3};
    std::chrono::milliseconds first_pause{100}, longest_pause = std::chrono::seconds{15}; // doubled from try to try
};

} // namespace switchboard::store
