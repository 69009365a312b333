#pragma once

#include "support/http_client.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::test {

/// One WebSocket to 127.0.0.1. It reads only when it is asked to: whoever does not ask is a slow reader.
class websocket_client {
public:
    /// Throws std::runtime_error when the upgrade is refused. `receive_buffer` > 0: the kernel keeps so many bytes for
    /// us and no more.
    websocket_client(std::uint16_t port, const std::string& target, const headers& fields = {}, int receive_buffer = 0);
    ~websocket_client();
    websocket_client(websocket_client&&) noexcept;
    websocket_client& operator=(websocket_client&&) noexcept;

    void send(const nlohmann::json& frame);
    /// What no JSON library would write.
    void send_text(const std::string& text);

    /// The next frame; nothing when the server has closed. Throws when neither happens within ten seconds.
    std::optional<nlohmann::json> next();

    /// Reads on to the first frame that is so, and returns it. Throws when the server closes before, or silence lasts
    /// ten seconds; the error shows what came instead.
    nlohmann::json until(const std::function<bool(const nlohmann::json&)>& is_it);
    nlohmann::json until(const std::string& type);

    /// The code of the server's close frame, once next() has said that it closed; 0 = it cut the line without one.
    int close_code() const;

    std::vector<nlohmann::json> seen; // every frame but heartbeats, in order

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

/// What an upgrade request is answered when it must be refused: the status.
int upgrade_answer(std::uint16_t port, const std::string& target, const headers& fields = {});

/// Asks again and again until it is so; fails the test when it is not within ten seconds.
void eventually(const std::function<bool()>& is_so, const std::string& what);

} // namespace switchboard::test
