#include "app/live_socket.hpp"

#include <switchboard/util/text.hpp>

namespace switchboard::app {

namespace {

constexpr std::chrono::seconds longest_silence{15}; // of a person's browser, which answers pings by itself

} // namespace

bool is_own_origin(const http::request& r, std::string_view public_url) {
    const auto origin = r.header("origin");
    if (origin.empty() || (!public_url.empty() && lower_ascii(origin) == lower_ascii(public_url))) return true;
    const auto at = origin.find("://");
    return at != origin.npos && origin.substr(at + 3) == r.header("host");
}

void join_live(live::hub& hub, live::chat_rooms& chats, live::viewers& lookers, attendance& who_is_there,
               const principal& who, std::shared_ptr<web::websocket> socket) {
    auto* raw = socket.get(); // the hub keeps it while it is subscribed
    live::sink to{.send = [socket](live::frame f) { return socket->send(std::move(f)); },
                  .room = [raw] { return raw->room(); },
                  .close = [raw](int code, std::string reason) { raw->close(code, std::move(reason)); }};
    auto typing = [&chats, agent = who.user_id.value_or(0), name = who.name](std::int64_t ticket) {
        chats.agent_types(ticket, agent, name);
    };
    std::shared_ptr<live::viewers::seat> seat; // of a person
    if (who.user_id) seat = lookers.enter(who.eyes(), who.name);
    auto viewing = [weak = std::weak_ptr{seat}](std::int64_t ticket, std::string writing) {
        if (const auto open = weak.lock()) open->look(ticket, std::move(writing));
    };
    auto attends = std::make_shared<std::shared_ptr<void>>();
    auto greeted = [raw, &who_is_there, attends, agent = who.user_id, session = who.session_id] {
        raw->greeted();
        if (agent && !*attends) *attends = who_is_there.enter({session, *agent});
    };
    if (who.user_id) socket->end_when_silent(longest_silence);
    auto feed = std::make_shared<live::agent_feed>(hub, who.eyes(), who.authority(), std::move(to), std::move(typing),
                                                   std::move(viewing), std::move(greeted));
    socket->on_message = [weak = std::weak_ptr{feed}](std::string_view text) {
        if (const auto open = weak.lock()) open->on_message(text);
    };
    // Whoever closes ends the feed, and with it the subscription that keeps the socket.
    socket->on_close = [feed = std::move(feed), seat = std::move(seat), attends = std::move(attends)]() mutable {
        attends->reset();
        seat.reset();
        feed.reset();
    };
}

void join_chat(live::chat_rooms& chats, std::int64_t gateway, std::string address,
               std::shared_ptr<held_budget::share> place, std::shared_ptr<web::websocket> socket) {
    std::weak_ptr<web::websocket> weak = socket;
    auto room = chats.open(gateway, {.address = std::move(address),
                                     .send =
                                         [weak](live::frame f) {
                                             const auto s = weak.lock();
                                             return s && s->send(std::move(f));
                                         },
                                     .close =
                                         [weak](int code, std::string reason) {
                                             if (const auto s = weak.lock()) s->close(code, std::move(reason));
                                         },
                                     .greeted =
                                         [weak] {
                                             if (const auto s = weak.lock()) s->greeted();
                                         }});
    socket->on_message = [room](std::string_view text) { room->on_message(text); };
    socket->on_close = [room, place = std::move(place)]() mutable {
        room->on_close();
        place.reset();
    };
}

} // namespace switchboard::app
