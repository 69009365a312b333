#pragma once

#include "support/http_client.hpp"
#include "support/test_cluster.hpp"

#include <switchboard/model/role.hpp>
#include <switchboard/util/config.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>

namespace switchboard::test {

/// `roles` of a user: the shipped ones.
inline nlohmann::json having(shipped_role role) {
    return nlohmann::json::array({static_cast<std::int64_t>(role)});
}
inline const auto an_agent = having(shipped_role::agent), a_supervisor = having(shipped_role::supervisor),
                  an_admin = having(shipped_role::admin);

/// Somebody who sends requests: a person with a session, a machine with a token, or a stranger.
class client {
public:
    explicit client(std::uint16_t port) : port_{port} {}

    http_answer get(const std::string& target, headers more = {}) const { return send("GET", target, {}, more); }
    http_answer post(const std::string& target, const nlohmann::json& body = nlohmann::json::object(),
                     headers more = {}) const;
    http_answer put(const std::string& target, const nlohmann::json& body, headers more = {}) const;
    http_answer patch(const std::string& target, const nlohmann::json& body, headers more = {}) const;
    http_answer remove(const std::string& target, headers more = {}) const { return send("DELETE", target, {}, more); }
    http_answer send(const std::string& method, const std::string& target, const std::string& body = {},
                     const headers& more = {}) const;

    headers identity; // sent with every request

private:
    std::uint16_t port_;
};

/// The whole server in this process: a free port, a database of its own, real sockets. Its users are `admin`,
/// `supervisor` and `agent`, each with the password "correct horse".
class running_server {
public:
    explicit running_server(const std::function<void(config&)>& adjust = {});
    /// Another node beside `first`, over the same database.
    running_server(const std::function<void(config&)>& adjust, const running_server& first);
    ~running_server();
    running_server(const running_server&) = delete;
    running_server& operator=(const running_server&) = delete;

    static constexpr auto password = "correct horse";

    std::uint16_t port() const;
    std::uint16_t lmtp_port() const;
    const std::string& database_url() const;

    /// Ends in order, as the destructor does otherwise. The database stays.
    void stop();

    /// Its only thread stands still until the promise is kept: a process that was paused and knows nothing of it.
    std::promise<void> pause();

    client stranger() const { return client{port()}; }
    client operators() const;                          // at the door of /metrics and the details of /readyz
    client person(const std::string& login) const;     // signed in
    client machine(const nlohmann::json& token) const; // {"name", "scopes", "gateway_ids"}

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace switchboard::test
