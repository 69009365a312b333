#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/routing_story.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {
class offload_pool;
}
namespace switchboard::store {
class users;
class labels;
class queues;
class calendars;
class sla_targets;
class service_levels;
class agents;
class gateways;
class rules;
class tokens;
class customers;
class sessions;
class idempotency;
class tickets;
class desk;
class contacts;
class chat;
} // namespace switchboard::store
namespace switchboard::intake {
class intake;
}

namespace switchboard::api {

/// HTML that may stand in our page.
struct safe_html {
    std::string html;
    std::int64_t blocked_remote = 0; // pictures that would have been fetched from elsewhere
};

/// A queue's configuration that is only tried: what is not there stays as it is.
struct routing_draft {
    std::optional<std::vector<std::int64_t>> members;
    std::optional<std::vector<queue_step>> steps;
};

/// What the routes work with. All null: the table can be described, not used.
struct services {
    offload_pool* offload = nullptr;
    store::users* users = nullptr;
    store::labels* labels = nullptr; // skills and licences
    store::queues* queues = nullptr;
    store::calendars* calendars = nullptr;
    store::sla_targets* sla_targets = nullptr;
    store::service_levels* service_levels = nullptr;
    store::agents* agents = nullptr;
    store::gateways* gateways = nullptr;
    store::rules* rules = nullptr;
    store::tokens* tokens = nullptr;
    store::customers* customers = nullptr;
    store::sessions* sessions = nullptr;
    store::idempotency* idempotency = nullptr;
    store::tickets* tickets = nullptr;
    store::desk* desk = nullptr;
    store::contacts* contacts = nullptr;
    store::chat* chat = nullptr;
    intake::intake* intake = nullptr;

    std::function<safe_html(std::string_view)> sanitize_html;
    std::function<std::optional<std::string>(std::string_view file, int page)> page_picture; // PNG

    // Why routing did what it did; what a queue's members or steps would mean.
    std::function<boost::asio::awaitable<std::optional<routing_story>>(std::int64_t ticket)> tell_routing;
    std::function<boost::asio::awaitable<std::optional<queue_check>>(std::int64_t queue, routing_draft)> check_routing;

    std::function<void()> bell = [] {}; // after a commit that wrote events
};

} // namespace switchboard::api
