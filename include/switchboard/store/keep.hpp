#pragma once

#include <functional>
#include <memory>
#include <string>

namespace switchboard::store {

/// A POST that may come again (promise 3).
struct request_key {
    std::string actor;   // principal::key()
    std::string key;     // the client's
    std::string request; // sha256 of what is asked
};

/// How the transaction that does a request's work keeps the answer to it, so that both are there or neither is.
/// Empty: the request has no key.
template <class T>
struct keep {
    std::shared_ptr<const request_key> key{};
    int status = 0;
    std::function<std::string(const T&)> body{}; // the answer's; runs on a database thread
};

/// What is known of a request with a key. A method that takes a `keep` throws it when the work is not to be done
/// (again).
struct earlier_request {
    enum class state {
        none,    // the first
        running, // the first is still at work: the client may ask again
        done,    // the same request was answered: status and body
        other    // the key belongs to a different request
    } known = state::none;
    int status = 0;
    std::string body{};
};

} // namespace switchboard::store
