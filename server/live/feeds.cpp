#include <switchboard/live/feeds.hpp>

#include <switchboard/live/agent_feed.hpp>

namespace switchboard::live {

namespace {

constexpr std::chrono::seconds longest_silence{15}; // of a person's browser, which answers pings by itself

} // namespace

void feeds::join(const principal& who, std::shared_ptr<http::websocket> socket) {
    socket->await_hello(hello_within_);
    if (who.user_id) socket->end_when_silent(longest_silence);
    auto* raw = socket.get(); // the hub keeps it while it is subscribed
    sink to{.send = [socket](frame f) { return socket->send(std::move(f)); },
            .room = [raw] { return raw->room(); },
            .close = [raw](int code, std::string reason) { raw->close(code, std::move(reason)); }};
    auto typing = [this, agent = who.user_id.value_or(0), name = who.name](std::int64_t ticket) {
        chats_.agent_types(ticket, agent, name);
    };
    std::shared_ptr<viewers::seat> seat; // of a person
    if (who.user_id) seat = viewers_.enter(who.eyes(), who.name);
    auto viewing = [weak = std::weak_ptr{seat}](std::int64_t ticket, std::string writing) {
        if (const auto open = weak.lock()) open->look(ticket, std::move(writing));
    };
    auto attends = std::make_shared<std::shared_ptr<void>>();
    auto greeted = [this, raw, attends, agent = who.user_id, session = who.session_id] {
        raw->greeted();
        if (agent && !*attends) *attends = attendance_.enter({session, *agent});
    };
    auto feed = std::make_shared<agent_feed>(hub_, who.eyes(), who.authority(), std::move(to), std::move(typing),
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

void feeds::join_chat(std::int64_t gateway, std::string address, std::shared_ptr<held_budget::share> held,
                      std::shared_ptr<http::websocket> socket) {
    socket->await_hello(hello_within_);
    std::weak_ptr<http::websocket> weak = socket;
    auto room = chats_.open(gateway, {.address = std::move(address),
                                      .send =
                                          [weak](frame f) {
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
    socket->on_close = [room, held = std::move(held)]() mutable {
        room->on_close();
        held.reset();
    };
}

} // namespace switchboard::live
