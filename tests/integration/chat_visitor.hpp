#pragma once

#include "support/contact_center.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace switchboard::test {

using nlohmann::json;

/// What a browser makes up for each message.
inline std::string uuid(int n) {
    return fmt::format("5a1f0c9e-3d41-4b7a-9c55-{:012}", n);
}

/// A visitor's browser: its session, and a socket that it can lose.
class visitor {
public:
    visitor(const contact_center& center, const json& about = {{"name", "Ada"}}) : port_{center.server.port()} {
        const auto answer = client{port_}.post("/api/v1/chat/site/sessions", about);
        EXPECT_EQ(answer.status, 201) << answer.body;
        session_ = answer.json();
        EXPECT_EQ(session_["seq"], 0);
    }

    json open(std::int64_t last_seq = 0) {
        socket.emplace(port_, "/api/v1/chat/site/live", headers{{"Origin", "https://shop.example"}});
        socket->send({{"type", "hello"},
                      {"session", session_["session"]},
                      {"token", session_["token"]},
                      {"last_seq", last_seq}});
        return socket->until("welcome");
    }
    void say(int id, const std::string& text) {
        socket->send({{"type", "message"}, {"client_msg_id", uuid(id)}, {"text", text}});
    }
    json until_text(const std::string& text) {
        return socket->until([&](const json& f) { return f["type"] == "message" && f["text"] == text; });
    }
    /// The seq of each message that the socket has brought.
    std::vector<std::int64_t> received() const {
        std::vector<std::int64_t> out;
        for (const auto& f : socket->seen)
            if (f["type"] == "message") out.push_back(f["seq"]);
        return out;
    }
    const json& session() const { return session_; }

    /// How the server says that this stands, once it is so.
    json until_status(const std::function<bool(const json&)>& is_it) {
        return socket->until([&](const json& f) { return f["type"] == "status" && is_it(f); });
    }
    json until_state(const std::string& state) {
        return until_status([&](const json& f) { return f["state"] == state; });
    }
    /// His page is loaded anew: another socket, the same session.
    json reload() {
        socket.reset();
        return open();
    }
    std::string path(const std::string& what) const {
        return "/api/v1/chat/site/sessions/" + session_["session"].get<std::string>() + "/" + what;
    }
    headers token() const { return {{"Chat-Token", session_["token"].get<std::string>()}}; }

    std::optional<websocket_client> socket;

private:
    std::uint16_t port_;
    json session_;
};

} // namespace switchboard::test
