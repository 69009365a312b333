#pragma once

#include "web/net.hpp"
#include "web/stranger_sockets.hpp"

#include <switchboard/util/budget.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/web/http.hpp>
#include <switchboard/web/server_options.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::web {

struct server_state;

/// One accepted socket, registered while it lives. A deadline that has passed is noticed by the server's sweep, so that
/// a request costs no timer. None of these calls a completion handler before it returns.
class connection {
public:
    explicit connection(std::shared_ptr<server_state> state);
    virtual ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    virtual void on_deadline() = 0;
    virtual void stop() = 0;           // finish what is under way, begin nothing new
    virtual void cut() = 0;            // drop the socket
    virtual void give_way() { cut(); } // to a newer one

    steady::time_point deadline = steady::time_point::max();

protected:
    /// No longer counts as open, though someone may still hold the object.
    void leave();

    std::shared_ptr<server_state> state_;

private:
    static constexpr auto nowhere = static_cast<std::size_t>(-1);
    std::size_t place_; // in server_state::connections
};

/// What all connections of one server share.
struct server_state {
    server_state(asio::io_context& io_, server_options o, handlers h);

    /// Unique in this process and, by a random beginning, very likely among all.
    std::string next_request_id();

    /// Counts a socket as a stranger's of this address, or as silent from now on if it is one. Others may give way.
    void welcome_stranger(connection& c, std::string_view remote);
    void give_way(connection& c);

    asio::io_context& io;
    const server_options options;
    const handlers on;
    std::optional<asio::ssl::context> tls;

    std::vector<connection*> connections;
    std::size_t buffered = 0; // bytes of request bodies held now
    stranger_sockets strangers;
    held_budget stranger_bodies;
    std::uint64_t refused = 0, gave_way = 0, bodies_refused = 0; // since the start
    std::string last_gave_way, last_body_refused;                // whose it was
    bool stopping = false;
    asio::steady_timer drained; // cancelled when the last connection has gone while stopping

private:
    std::string id_prefix_;
    std::uint64_t last_id_ = 0;
};

/// The completion handler of every coroutine of this room: a fault that got this far is logged, never lost.
inline auto log_exception(std::string_view where) {
    return [where](const std::exception_ptr& e) {
        if (!e) return;
        try {
            std::rethrow_exception(e);
        } catch (const std::exception& fault) {
            log::error("coroutine_failed", {{"where", where}, {"reason", fault.what()}});
        }
    };
}

} // namespace switchboard::web
