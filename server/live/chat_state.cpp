#include "live/chat_state.hpp"

#include "live/chat_room.hpp"

#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/co_spawn.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::live {

namespace asio = boost::asio;
using nlohmann::json;

namespace {

constexpr std::int64_t most_places = 200;       // of one queue; who is behind them is told none
constexpr unsigned ticks_until_all_places = 10; // what no event tells of (a transfer away) is seen then

/// A visitor cares whether somebody is there, not how our tickets are called.
std::string_view visible_state(const open_chat& chat) {
    if (!chat.standing) return "new";
    if (chat.standing->state == "solved") return "solved";
    return chat.standing->owner ? "active" : "waiting";
}

void log_failure(const char* what, std::exception_ptr failed) {
    if (!failed) return;
    try {
        std::rethrow_exception(failed);
    } catch (const std::exception& error) {
        log::warn(what, {{"error", error.what()}});
    }
}

} // namespace

bool open_chat::waits() const {
    return visible_state(*this) == "waiting";
}

json status_json(const open_chat& chat) {
    const bool taken = visible_state(chat) == "active";
    const auto& s = chat.service;
    return {{"type", "status"},
            {"state", visible_state(chat)},
            {"agent", taken ? json{{"name", chat.standing->owner->name}} : json()},
            {"ahead", chat.waits() && chat.ahead ? json(*chat.ahead) : json()},
            {"open", s.open},
            {"opens_at", !s.open && s.changes_at ? json(to_rfc3339(*s.changes_at)) : json()},
            {"email", chat.about.email},
            {"mail", s.mail_gateway.has_value()}};
}

open_chat* chat_rooms::state::find(std::int64_t ticket) const {
    const auto session = session_of.find(ticket);
    if (session == session_of.end()) return nullptr;
    const auto chat = open.find(session->second);
    return chat == open.end() ? nullptr : chat->second.get();
}

void chat_rooms::state::leave(open_chat& chat, room* window) {
    chat.windows.erase(window);
    if (!chat.windows.empty()) return;
    if (chat.about.ticket_id) session_of.erase(*chat.about.ticket_id);
    open.erase(std::string{chat.about.id}); // the last: it may be what `chat` refers to
}

void chat_rooms::state::belongs_to(const std::shared_ptr<open_chat>& chat, std::int64_t ticket) {
    if (chat->about.ticket_id == ticket && chat->standing) return;
    if (chat->about.ticket_id && chat->about.ticket_id != ticket) session_of.erase(*chat->about.ticket_id);
    chat->about.ticket_id = ticket;
    session_of[ticket] = chat->about.id;
    look_up(chat);
}

void chat_rooms::state::look_up(std::shared_ptr<open_chat> chat) {
    if (std::exchange(chat->looking, true)) {
        ++chat->heard; // so that it is read once more
        return;
    }
    auto self = shared_from_this();
    asio::co_spawn(executor, self->looked_up(chat), [self, chat](std::exception_ptr failed) {
        chat->looking = false;
        log_failure("chat_standing_unread", failed);
        if (failed)
            for (auto* window : chat->windows) window->ask_again();
    });
}

asio::awaitable<void> chat_rooms::state::looked_up(std::shared_ptr<open_chat> chat) {
    for (;;) {
        const auto before = chat->heard;
        auto found = co_await rows.standing_of(chat->about.id);
        if (chat->windows.empty()) co_return;
        if (before != chat->heard) continue;
        chat->standing = std::move(found);
        if (chat->standing) {
            chat->about.ticket_id = chat->standing->ticket_id;
            session_of[chat->standing->ticket_id] = chat->about.id;
            moved.insert(chat->standing->queue_id);
        }
        chat->known = true;
        tell(*chat);
        co_return;
    }
}

void chat_rooms::state::learn(std::int64_t ticket, const json& now) {
    const auto queue = now.at("queue").at("id").get<std::int64_t>();
    moved.insert(queue);
    auto* chat = find(ticket);
    if (chat == nullptr) return;
    ++chat->heard;
    if (!chat->known) return; // it is being read
    const auto version = now.at("version").get<std::int64_t>();
    if (chat->standing && chat->standing->ticket_id == ticket && version < chat->standing->version) return;
    store::chat_standing next{ticket, queue, now.at("state").get<std::string>(), std::nullopt, version};
    if (const auto& owner = now.at("owner"); !owner.is_null())
        next.owner = named{owner.at("id").get<std::int64_t>(), owner.at("name").get<std::string>()};
    if (chat->standing && chat->standing->queue_id != queue) chat->ahead.reset();
    chat->standing = std::move(next);
    tell(*chat);
}

void chat_rooms::state::tell(open_chat& chat) const {
    if (!chat.known) return;
    if (!chat.waits()) chat.ahead.reset();
    chat.service =
        doors.service(chat.about.gateway_id, chat.standing ? std::optional{chat.standing->queue_id} : std::nullopt);
    auto status = std::make_shared<const std::string>(status_json(chat).dump());
    if (chat.told && *chat.told == *status) return;
    chat.told = std::move(status);
    for (auto* window : chat.windows) window->tell(chat.told);
}

void chat_rooms::state::serve_by_the_clock() {
    std::map<std::pair<std::int64_t, std::int64_t>, chat_service> services; // by gateway and queue: chats are many
    for (const auto& [id, chat] : open) {
        if (!chat->known) continue;
        const auto queue = chat->standing ? std::optional{chat->standing->queue_id} : std::nullopt;
        const auto [now, fresh] = services.try_emplace({chat->about.gateway_id, queue.value_or(0)});
        if (fresh) now->second = doors.service(chat->about.gateway_id, queue);
        if (now->second != chat->service) tell(*chat);
    }
    read_places();
}

void chat_rooms::state::read_places() {
    if (reading_places) return;
    std::set<std::int64_t> wanted;
    const bool all = ++ticks % ticks_until_all_places == 0;
    for (const auto& [id, chat] : open)
        if (chat->waits() && (all || moved.contains(chat->standing->queue_id))) wanted.insert(chat->standing->queue_id);
    moved.clear();
    if (wanted.empty()) return;
    reading_places = true;
    auto self = shared_from_this();
    asio::co_spawn(executor, self->places_read({wanted.begin(), wanted.end()}), [self](std::exception_ptr failed) {
        self->reading_places = false;
        log_failure("chat_places_unread", failed);
    });
}

asio::awaitable<void> chat_rooms::state::places_read(std::vector<std::int64_t> queues) {
    const auto places = co_await rows.places_in(queues, most_places);
    std::map<std::int64_t, std::int64_t> ahead;
    for (const auto& p : places) ahead.emplace(p.ticket_id, p.ahead);
    for (const auto& [id, chat] : open) {
        if (!chat->waits() || std::ranges::find(queues, chat->standing->queue_id) == queues.end()) continue;
        const auto place = ahead.find(chat->standing->ticket_id);
        chat->ahead = place == ahead.end() ? std::nullopt : std::optional{place->second};
        tell(*chat);
    }
}

} // namespace switchboard::live
