#include <switchboard/live/chat_rooms.hpp>

#include "live/chat_room.hpp"

#include <switchboard/util/event_data.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::live {

using nlohmann::json;

chat_rooms::chat_rooms(boost::asio::any_io_executor executor, store::chat& rows, hub& to_agents, chat_doors doors,
                       chat_bounds bounds)
    : state_{std::make_shared<chat_state>(std::move(executor), rows, to_agents, std::move(doors), bounds)} {}
chat_rooms::~chat_rooms() = default;

std::shared_ptr<chat_conversation> chat_rooms::open(std::int64_t gateway_id, chat_peer peer) {
    return std::make_shared<chat_room>(state_, gateway_id, std::move(peer));
}

void chat_rooms::follow(std::span<const event> events) {
    if (state_->open.empty()) return;
    for (const auto& e : events) {
        if (!e.ticket_id) {
            state_->presence_moved |= e.type == events::presence_changed::type;
            continue;
        }
        with_event(e, [&]<class E>(const E& said) {
            if constexpr (requires { said.ticket; })
                if (const std::optional<ticket_summary> ticket = said.ticket) state_->learn(*ticket);
            if constexpr (std::same_as<E, events::ticket_changed>)
                if (said.change == events::ticket_change::visitor_away) state_->contradict(*e.ticket_id);
            if constexpr (requires { said.chat; })
                if (said.chat) state_->hear_words(said.chat->session, *e.ticket_id);
        });
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

} // namespace switchboard::live
