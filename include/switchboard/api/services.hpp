#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/routing_explanation.hpp>
#include <switchboard/model/simulation.hpp>
#include <switchboard/model/sla_target.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard {
class held_budget;
class offload_pool;
class rate_budget;
} // namespace switchboard
namespace switchboard::store {
class configuration;
class users;
class queue_members;
class calendar_agents;
class sla_clocks;
class agents;
class gateways;
class tokens;
class customer_moves;
class customers;
class objects;
class sessions;
class audit;
class idempotency;
class tickets;
class drafts;
class follow_ups;
class actions;
class contacts;
class chat;
} // namespace switchboard::store
namespace switchboard::desk {
class actions;
class callbacks;
class desk;
class follow_ups;
} // namespace switchboard::desk
namespace switchboard::intake {
class intake;
}
namespace switchboard::live {
class feeds;
}

namespace switchboard::api {

class security_log;

/// HTML that may stand in our page.
struct safe_html {
    std::string html;
    std::int64_t blocked_remote = 0;          // pictures that would have been fetched from elsewhere
    std::vector<std::string> remote_pictures; // their addresses, each once
};

/// A picture that was fetched for a reader.
struct remote_picture {
    std::string type; // the media type, as its bytes tell
    std::string bytes;
};

/// A queue's configuration that is only tried: what is not there stays as it is.
struct routing_draft {
    std::optional<std::vector<std::int64_t>> members;
    std::optional<std::vector<queue_step>> steps;
};

struct simulation_order {
    what_if changes;
    std::int64_t days = 28; // how much of the recorded traffic
    std::int64_t replications = 10;
    std::string time_zone = "UTC"; // an IANA name
};
struct no_simulation {
    bool busy = false;                                        // another is under way, or the node stops
    std::vector<std::pair<std::string, std::string>> wrong{}; // field, message
};

/// What the routes work with. It all outlives the router.
struct services {
    offload_pool& offload;
    offload_pool& passwords; // for hashes alone: guessing holds up nothing else
    security_log& security;
    store::audit& audit;
    store::users& users;
    store::configuration& configuration;
    store::queue_members& queue_members;
    store::calendar_agents& calendar_agents;
    store::sla_clocks& sla_clocks;
    store::agents& agents;
    store::gateways& gateways;
    store::tokens& tokens;
    store::customers& customers;
    store::customer_moves& customer_moves;
    store::objects& objects;
    store::sessions& sessions;
    store::idempotency& idempotency;
    store::tickets& tickets;
    desk::desk& desk;
    desk::callbacks& callbacks;
    desk::follow_ups& follow_ups;
    store::follow_ups& follow_up_lists;
    desk::actions& actions;
    store::actions& action_lists;
    store::drafts& drafts;
    store::contacts& contacts;
    store::chat& chat;
    intake::intake& intake;
    live::feeds& feeds;
    rate_budget& chat_sessions;   // by address
    rate_budget& chat_files;      // KB by address
    rate_budget& chat_handshakes; // by address
    held_budget& chat_sockets;    // by address
    std::chrono::seconds chat_session_life;

    std::function<safe_html(std::string_view)> sanitize_html;
    std::function<std::optional<std::string>(std::string_view file, int page)> page_picture; // PNG
    // From an address that a mail names; the error says why there is none.
    std::function<boost::asio::awaitable<std::expected<remote_picture, std::string>>(std::string url)> fetch_picture;

    // Why routing did what it did; who could be given a ticket; what a queue's members or steps would mean.
    std::function<boost::asio::awaitable<std::optional<routing_explanation>>(std::int64_t ticket)> explain_routing;
    std::function<boost::asio::awaitable<std::optional<std::vector<agent_standing>>>(std::int64_t ticket)>
        explain_agents;
    std::function<boost::asio::awaitable<std::optional<queue_check>>(std::int64_t queue, routing_draft)> check_routing;

    // The center as it is and as it might be.
    std::function<boost::asio::awaitable<std::expected<simulation, no_simulation>>(simulation_order)> simulate;

    // What is wrong with the system, in words for admins.
    std::function<boost::asio::awaitable<std::vector<std::string>>()> troubles;

    std::function<void()> bell;            // after a commit that wrote events
    std::function<void()> authority_ended; // a session or token may have ended: look at once
};

} // namespace switchboard::api
