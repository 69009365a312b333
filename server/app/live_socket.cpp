#include "app/live_socket.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::app {
namespace {

constexpr int policy_violation = 1008;

/// {"type":"hello","after":"<cursor>"|null}. False if the frame is none of ours.
bool understood(live::hub& hub, live::subscriber_id id, std::string_view text) {
    const auto frame = nlohmann::json::parse(text, nullptr, false);
    if (!frame.is_object() || !frame.contains("type")) return false;
    if (frame["type"] != "hello") return true; // of a newer client: not ours to judge
    const auto after = frame.value("after", nlohmann::json{});
    if (!after.is_null() && !after.is_string()) return false;
    hub.hello(id, after.is_string() ? parse_cursor(after.get<std::string>()) : std::nullopt);
    return true;
}

} // namespace

bool is_own_origin(const http::request& r) {
    const auto origin = r.header("origin");
    if (origin.empty()) return true;
    const auto at = origin.find("://");
    return at != origin.npos && origin.substr(at + 3) == r.header("host");
}

void join_live(live::hub& hub, const principal& who, std::shared_ptr<web::websocket> socket) {
    const auto id = hub.subscribe(who.eyes(), {.send = [socket](live::frame f) { return socket->send(std::move(f)); },
                                               .room = [socket] { return socket->room(); }});
    auto* raw = socket.get(); // the hub keeps it while it is subscribed
    socket->on_message = [&hub, id, raw](std::string_view text) {
        if (!understood(hub, id, text)) raw->close(policy_violation, "not a frame of this feed");
    };
    socket->on_close = [&hub, id] { hub.unsubscribe(id); };
}

} // namespace switchboard::app
