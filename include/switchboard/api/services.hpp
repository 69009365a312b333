#pragma once

#include <functional>

namespace switchboard {
class offload_pool;
}
namespace switchboard::store {
class users;
class labels;
class queues;
class agents;
class gateways;
class rules;
class tokens;
class customers;
class sessions;
class idempotency;
} // namespace switchboard::store

namespace switchboard::api {

/// What the routes work with. All null: the table can be described, not used.
struct services {
    offload_pool* offload = nullptr;
    store::users* users = nullptr;
    store::labels* labels = nullptr; // skills and licences
    store::queues* queues = nullptr;
    store::agents* agents = nullptr;
    store::gateways* gateways = nullptr;
    store::rules* rules = nullptr;
    store::tokens* tokens = nullptr;
    store::customers* customers = nullptr;
    store::sessions* sessions = nullptr;
    store::idempotency* idempotency = nullptr;

    std::function<void()> bell = [] {}; // after a commit that wrote events
};

} // namespace switchboard::api
