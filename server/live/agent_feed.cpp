#include <switchboard/live/agent_feed.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::live {

using nlohmann::json;

agent_feed::agent_feed(hub& from, viewer who, sink to, std::function<void(int, std::string)> close, typing on_typing,
                       std::function<void()> on_hello)
    : hub_{from}, id_{from.subscribe(std::move(who), std::move(to))}, close_{std::move(close)},
      typing_{std::move(on_typing)}, greeted_{std::move(on_hello)} {}

agent_feed::~agent_feed() {
    hub_.unsubscribe(id_);
}

void agent_feed::hello(std::optional<cursor> after) {
    greeted_();
    hub_.hello(id_, after);
}

void agent_feed::on_message(std::string_view text) {
    constexpr std::size_t largest_frame = 1024;
    const auto frame = text.size() > largest_frame ? json() : json::parse(text, nullptr, false);
    const auto type = frame.is_object() ? frame.value("type", json()) : json();
    if (type == "hello") {
        const auto after = frame.value("after", json());
        if (after.is_null()) return hello(std::nullopt);
        if (after.is_string())
            if (const auto place = parse_cursor(after.get<std::string>())) return hello(place);
        return close_(1008, "after must be a cursor or null");
    }
    if (type == "typing") {
        if (const auto ticket = frame.value("ticket_id", json()); ticket.is_number_integer())
            return typing_(ticket.get<std::int64_t>());
        return close_(1008, "ticket_id must be a number");
    }
    close_(1008, "frames are hello and typing");
}

} // namespace switchboard::live
