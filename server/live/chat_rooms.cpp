#include <switchboard/live/chat_rooms.hpp>

#include "live/chat_room.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::live {

using nlohmann::json;

chat_rooms::chat_rooms(boost::asio::any_io_executor executor, store::chat& rows, hub& to_agents, chat_doors doors,
                       chat_bounds bounds)
    : state_{std::make_shared<state>(std::move(executor), rows, to_agents, std::move(doors), bounds)} {}
chat_rooms::~chat_rooms() = default;

std::shared_ptr<chat_rooms::conversation> chat_rooms::open(std::int64_t gateway_id, chat_peer peer) {
    return std::make_shared<room>(state_, gateway_id, std::move(peer));
}

void chat_rooms::follow(std::span<const event> events) {
    if (state_->open.empty()) return;
    for (const auto& e : events) {
        if (!e.ticket_id) {
            state_->presence_moved |= e.type == "presence.changed";
            continue;
        }
        const auto data = own_json(e.data);
        if (const auto ticket = data.find("ticket"); ticket != data.end() && ticket->is_object())
            state_->learn(*e.ticket_id, *ticket);
        if (data.value("change", "") == "visitor_away") state_->contradict(*e.ticket_id);
        // Either side's words, whichever node or door took them.
        const auto words = data.find("chat");
        if (words == data.end()) continue;
        const auto chat = state_->open.find(words->at("session").get<std::string>());
        if (chat == state_->open.end()) continue;
        state_->belongs_to(chat->second, *e.ticket_id);
        for (auto* window : chat->second->windows) window->pump();
    }
}

void chat_rooms::agent_types(std::int64_t ticket, std::int64_t agent, std::string_view name) {
    const auto* chat = state_->find(ticket);
    if (chat == nullptr || !chat->standing || !chat->standing->owner || chat->standing->owner->id != agent) return;
    const auto typing =
        std::make_shared<const std::string>(json{{"type", "typing"}, {"from", "agent"}, {"name", name}}.dump());
    for (auto* window : chat->windows) window->tell(typing);
}

chat_refusals chat_rooms::refusals() const {
    const auto& s = *state_;
    return {s.frames.refused(), s.messages.refused() + s.messages_of_session.refused(), s.sockets_refused};
}

void chat_rooms::tick() {
    for (const auto& [id, chat] : state_->open)
        for (auto* window : chat->windows) window->end_if_expired();
    state_->tell_who_left();
    state_->serve_by_the_clock();
}

std::size_t chat_rooms::open_conversations() const {
    std::size_t n = 0;
    for (const auto& [id, chat] : state_->open) n += chat->windows.size();
    return n;
}

} // namespace switchboard::live
