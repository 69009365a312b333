#pragma once

#include <switchboard/util/offload.hpp>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace switchboard::store {

/// Too many jobs wait for a connection. The answer to a request is 503 with Retry-After.
using switchboard::overloaded;

/// PostgreSQL cannot be reached, went away, or gave up on a statement. Nothing is known of a commit that was under way:
/// repeats are harmless. The answer to a request is 503 with Retry-After.
class unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct database_options {
    std::size_t connections = 8;
    std::size_t max_waiting = 20'000; // jobs that wait or run; past it: overloaded
    std::chrono::seconds statement_timeout{30};
    std::chrono::seconds connect_timeout{5};
    std::string application_name = "switchboard";
};

} // namespace switchboard::store
