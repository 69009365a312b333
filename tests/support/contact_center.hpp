#pragma once

#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::test {

/// Somebody signed in, with the live feed open.
struct seat {
    std::int64_t id = 0;
    client http;
    websocket_client live;

    /// Ready for these channels; for all of the profile's when none is named.
    void ready(const std::vector<std::string>& channels = {});
    void presence(const nlohmann::json& terms);

    /// The next offer that the socket brings.
    nlohmann::json offered();
    /// Waits for an offer and takes it: the ticket.
    nlohmann::json take();
    http_answer accept(const nlohmann::json& offer) const;
    http_answer decline(const nlohmann::json& offer) const;
    /// POST /tickets/{id}/{what}
    http_answer act(std::int64_t ticket, const std::string& what,
                    const nlohmann::json& body = nlohmann::json::object()) const;
    nlohmann::json ticket(std::int64_t id) const;
    nlohmann::json work() const { return http.get("/api/v1/me/work").json(); }
};

/// A running server and the words to fill it with people, queues and customers through its own interface. SQL is for
/// what only time or another node would do.
class contact_center {
public:
    explicit contact_center(const std::function<void(config&)>& adjust = {});

    /// What an admin adds at this path: its number.
    std::int64_t make(const std::string& path, const nlohmann::json& body);
    std::int64_t queue(const std::string& name, nlohmann::json terms = nlohmann::json::object());
    std::int64_t skill(const std::string& name);
    std::int64_t licence(const std::string& name);
    std::int64_t gateway(const std::string& name, const std::string& kind, std::int64_t queue,
                         nlohmann::json terms = nlohmann::json::object());
    std::int64_t rule(const nlohmann::json& conditions, const nlohmann::json& actions);
    /// An agent of these queues who does one phone call and three of everything else, unless `profile` says otherwise.
    seat agent(const std::string& login, const std::vector<std::int64_t>& queues,
               const nlohmann::json& profile = nlohmann::json::object());
    /// `supervisor` or `admin`.
    seat sign_in(const std::string& login);

    /// Contacts from outside, each a new one: their ticket.
    std::int64_t mail(const std::string& gateway, const std::string& from = "ada@example.com",
                      const std::string& subject = "Help", const headers& more = {});
    std::int64_t call(const std::string& gateway, const std::string& from = "+4930123456");
    std::int64_t chat(const std::string& gateway, const std::string& session);

    /// The first value of the first row; "" when there is none.
    std::string sql(const std::string& text) const;
    std::int64_t number(const std::string& text) const { return std::stoll(sql(text)); }

    running_server server;
    client admin;
    client intake;

private:
    std::int64_t post(const std::string& gateway, const std::string& body, const std::string& type);

    std::int64_t made_ = 0;
};

} // namespace switchboard::test
