#include <switchboard/live/agent_feed.hpp>

#include "live/frames.hpp"

namespace switchboard::live {

agent_feed::agent_feed(hub& from, viewer who, authority by, sink to, typing on_typing, viewing on_viewing,
                       std::function<void()> on_hello)
    : hub_{from}, send_{to.send}, close_{to.close}, typing_{std::move(on_typing)}, viewing_{std::move(on_viewing)},
      greeted_{std::move(on_hello)}, id_{from.subscribe(std::move(who), by, std::move(to))} {}

agent_feed::~agent_feed() {
    hub_.unsubscribe(id_);
}

void agent_feed::hello(std::optional<cursor> after) {
    greeted_();
    hub_.hello(id_, after);
}

void agent_feed::on_message(std::string_view text) {
    const auto frame = read_agent_frame(text);
    if (!frame) {
        send_(std::make_shared<const std::string>(error_frame(frame.error())));
        if (frame.error().was_hello) close_(1008, frame.error().detail);
    } else if (const auto* hello = std::get_if<agent_hello>(&*frame)) {
        this->hello(hello->after);
    } else if (const auto* viewing = std::get_if<agent_viewing>(&*frame)) {
        viewing_(viewing->ticket_id, viewing->writing);
    } else {
        typing_(std::get<agent_typing>(*frame).ticket_id);
    }
}

} // namespace switchboard::live
