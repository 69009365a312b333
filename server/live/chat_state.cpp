#include "live/chat_state.hpp"

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
    const auto& state = chat.standing->state;
    if (state == "solved") return "solved";
    if (chat.standing->owner && (state == "held" || state == "parked")) return "on_hold";
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
    const auto state = visible_state(chat);
    const bool held = state == "on_hold", taken = held || state == "active";
    const auto& s = chat.service;
    return {{"type", "status"},
            {"state", state},
            {"agent", taken ? json{{"name", chat.standing->owner->name}} : json()},
            {"until", held && chat.standing->held_until ? json(to_rfc3339(*chat.standing->held_until)) : json()},
            {"staffed", chat.waits() && chat.staffed ? json(*chat.staffed) : json()},
            {"ahead", chat.waits() && chat.ahead ? json(*chat.ahead) : json()},
            {"open", s.open},
            {"opens_at", !s.open && s.changes_at ? json(to_rfc3339(*s.changes_at)) : json()},
            {"email", chat.about.email},
            {"mail", s.mail_gateway.has_value()}};
}

open_chat* chat_state::find(std::int64_t ticket) const {
    const auto session = session_of.find(ticket);
    if (session == session_of.end()) return nullptr;
    const auto chat = open.find(session->second);
    return chat == open.end() ? nullptr : chat->second.get();
}

void chat_state::leave(open_chat& chat, chat_window* window) {
    chat.windows.erase(window);
    if (!chat.windows.empty()) return;
    if (chat.about.ticket_id) session_of.erase(*chat.about.ticket_id);
    left.try_emplace(chat.about.id, now());
    open.erase(std::string{chat.about.id}); // the last: it may be what `chat` refers to
}

void chat_state::is_here(open_chat& chat) {
    left.erase(chat.about.id);
    if (chat.about.away_since) set_away(chat.about.id, std::nullopt);
}

void chat_state::contradict(std::int64_t ticket) {
    if (const auto* chat = find(ticket); chat != nullptr && !chat->windows.empty())
        set_away(chat->about.id, std::nullopt);
}

void chat_state::tell_who_left() {
    const auto long_ago = now() - bounds.until_away;
    for (auto who = left.begin(); who != left.end();) {
        if (who->second > long_ago) {
            ++who;
            continue;
        }
        set_away(who->first, who->second);
        who = left.erase(who);
    }
}

void chat_state::set_away(std::string session, std::optional<timestamp> since) {
    auto self = shared_from_this();
    asio::co_spawn(executor, self->away_set(std::move(session), since),
                   [self](std::exception_ptr failed) { log_failure("visitor_not_kept", failed); });
}

asio::awaitable<void> chat_state::away_set(std::string session, std::optional<timestamp> since) {
    if (co_await rows.set_away(std::move(session), since)) doors.bell();
}

void chat_state::belongs_to(const std::shared_ptr<open_chat>& chat, std::int64_t ticket) {
    if (chat->about.ticket_id == ticket && chat->standing) return;
    if (chat->about.ticket_id && chat->about.ticket_id != ticket) session_of.erase(*chat->about.ticket_id);
    chat->about.ticket_id = ticket;
    session_of[ticket] = chat->about.id;
    look_up(chat);
}

void chat_state::look_up(std::shared_ptr<open_chat> chat) {
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

asio::awaitable<void> chat_state::looked_up(std::shared_ptr<open_chat> chat) {
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

void chat_state::hear_words(const std::string& session, std::int64_t ticket) {
    const auto chat = open.find(session);
    if (chat == open.end()) return;
    belongs_to(chat->second, ticket);
    for (auto* window : chat->second->windows) window->pump();
}

void chat_state::learn(const ticket_summary& now) {
    moved.insert(now.queue.id);
    auto* chat = find(now.id);
    if (chat == nullptr) return;
    ++chat->heard;
    if (!chat->known) return; // it is being read
    if (chat->standing && chat->standing->ticket_id == now.id && now.version < chat->standing->version) return;
    if (chat->standing && chat->standing->queue_id != now.queue.id) {
        chat->ahead.reset();
        chat->staffed.reset();
    }
    chat->standing = store::chat_standing{now.id, now.queue.id, now.state, now.owner, now.version, now.held_until};
    tell(*chat);
}

void chat_state::tell(open_chat& chat) const {
    if (!chat.known) return;
    if (!chat.waits()) {
        chat.ahead.reset();
        chat.staffed.reset();
    }
    chat.service =
        doors.service(chat.about.gateway_id, chat.standing ? std::optional{chat.standing->queue_id} : std::nullopt);
    auto status = std::make_shared<const std::string>(status_json(chat).dump());
    if (chat.told && *chat.told == *status) return;
    chat.told = std::move(status);
    for (auto* window : chat.windows) window->tell(chat.told);
}

void chat_state::serve_by_the_clock() {
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

void chat_state::read_places() {
    if (reading_places) return;
    std::set<std::int64_t> wanted;
    const bool all = ++ticks % ticks_until_all_places == 0 || std::exchange(presence_moved, false);
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

asio::awaitable<void> chat_state::places_read(std::vector<std::int64_t> queues) {
    const auto places = co_await rows.places_in(queues, most_places);
    const auto staffed = co_await rows.staffed(queues);
    std::map<std::int64_t, std::int64_t> ahead;
    for (const auto& p : places) ahead.emplace(p.ticket_id, p.ahead);
    for (const auto& [id, chat] : open) {
        if (!chat->waits() || std::ranges::find(queues, chat->standing->queue_id) == queues.end()) continue;
        const auto place = ahead.find(chat->standing->ticket_id);
        chat->ahead = place == ahead.end() ? std::nullopt : std::optional{place->second};
        chat->staffed = std::ranges::find(staffed, chat->standing->queue_id) != staffed.end();
        tell(*chat);
    }
}

} // namespace switchboard::live
