#include <switchboard/live/chat_rooms.hpp>

#include <switchboard/model/event_type.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include "live/frames.hpp"

#include <boost/asio/co_spawn.hpp>

#include <nlohmann/json.hpp>

#include <deque>
#include <map>
#include <set>

namespace switchboard::live {

namespace asio = boost::asio;
using nlohmann::json;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t waiting_messages = 20; // of a socket, not yet committed
constexpr std::chrono::seconds until_committed{2};
constexpr auto typing_pause = std::chrono::seconds{1};

frame to_shared(const json& j) {
    return std::make_shared<const std::string>(j.dump());
}

json message_json(const store::chat_message& m) {
    json files = json::array();
    for (const auto& a : m.attachments) files.push_back({{"name", a.name}, {"size", a.size}});
    json j{{"type", "message"},
           {"seq", m.seq},
           {"from", m.from},
           {"name", m.name},
           {"text", m.text},
           {"at", to_rfc3339(m.at)},
           {"attachments", std::move(files)}};
    if (!m.client_msg_id.empty()) j["client_msg_id"] = m.client_msg_id;
    return j;
}

} // namespace

struct chat_rooms::state {
    asio::any_io_executor executor;
    store::chat& rows;
    hub& agents;
    chat_intake intake;
    chat_bounds bounds;
    rate_budget frames{bounds.frames_per_address, bounds.frames};
    rate_budget messages{bounds.messages_per_address, bounds.messages};
    rate_budget messages_of_session{bounds.messages_per_session, bounds.messages};
    std::uint64_t sockets_refused = 0;
    std::map<std::string, std::set<room*>> by_session;
    std::map<std::int64_t, std::string> session_of; // ticket -> session, of open conversations
    std::map<std::int64_t, std::int64_t> owner_of;  // ticket -> agent, of the same
};

class chat_rooms::room : public conversation, public std::enable_shared_from_this<room> {
public:
    room(std::shared_ptr<state> all, std::int64_t gateway, chat_peer peer)
        : all_{std::move(all)}, gateway_{gateway}, peer_{std::move(peer)} {}

    void on_message(std::string_view text) override {
        if (all_->frames.take(peer_.address)) return peer_.close(1008, "that is more than we can read");
        const auto frame = read_visitor_frame(text);
        if (!frame) return refuse(frame.error());
        if (const auto* hello = std::get_if<visitor_hello>(&*frame)) return greet(*hello);
        if (!session_) return complain("", "say hello first", 0);
        if (const auto* message = std::get_if<visitor_message>(&*frame)) return take(*message, text);
        if (std::holds_alternative<visitor_typing>(*frame)) return type_to_agent();
        if (std::holds_alternative<visitor_close>(*frame)) return queue_up({}, std::nullopt);
        // agents are not shown yet what the visitor has read
    }

    void on_close() override {
        gone_ = true;
        if (!session_) return;
        auto& peers = all_->by_session[session_->id];
        peers.erase(this);
        if (!peers.empty()) return;
        all_->by_session.erase(session_->id);
        if (ticket_) {
            all_->session_of.erase(*ticket_);
            all_->owner_of.erase(*ticket_);
        }
    }

    void send(const json& j) const {
        if (!gone_) peer_.send(to_shared(j));
    }

    /// Sends what is committed beyond the last that was sent. Runs once at a time.
    void pump() {
        again_ = true;
        if (pumping_ || gone_ || !welcomed_) return;
        pumping_ = true;
        spawn([](std::shared_ptr<room> self) { return self->send_committed(); }, "chat_not_sent");
    }

    /// Closes it when its session has expired. What other nodes have taken in is not known here, so the rows decide.
    void end_if_expired() {
        if (!session_ || gone_ || checking_ || now() < session_->last_used + all_->bounds.session_life) return;
        checking_ = true;
        spawn([](std::shared_ptr<room> self) { return self->look_at_its_age(); }, "chat_age_unknown");
    }

    void belongs_to(std::int64_t ticket) {
        if (ticket_ == ticket) return;
        ticket_ = ticket;
        all_->session_of[ticket] = session_->id;
    }

private:
    template <class F>
    void spawn(F work, const char* fault) {
        auto self = shared_from_this();
        asio::co_spawn(all_->executor, work(self), [self, fault](std::exception_ptr failed) {
            if (!failed) return;
            try {
                std::rethrow_exception(failed);
            } catch (const std::exception& error) {
                log::warn(fault, {{"error", error.what()}});
            }
            self->pumping_ = self->taking_ = self->checking_ = false;
            if (!self->gone_) self->peer_.close(1013, "please connect again"); // the browser resends what has no ack
        });
    }

    void complain(const std::string& client_msg_id, std::string_view detail, int retry_after_s) const {
        json j{{"type", "error"}, {"detail", detail}};
        if (!client_msg_id.empty()) j["client_msg_id"] = client_msg_id;
        if (retry_after_s > 0) j["retry_after_s"] = retry_after_s;
        send(j);
    }

    void refuse(const bad_frame& wrong) {
        if (!gone_) peer_.send(std::make_shared<const std::string>(error_frame(wrong)));
        if (wrong.was_hello) peer_.close(1008, wrong.detail);
    }

    void greet(const visitor_hello& hello) {
        if (greeted_) return refuse({.field = "type", .detail = "hello is said once", .was_hello = true});
        greeted_ = true;
        sent_ = hello.last_seq;
        spawn(
            [id = hello.session, token = hello.token](std::shared_ptr<room> self) { return self->welcome(id, token); },
            "chat_hello_failed");
    }

    asio::awaitable<void> welcome(std::string id, std::string token) {
        auto found = co_await all_->rows.find_session(std::move(id), std::move(token), all_->bounds.session_life);
        if (!found || found->gateway_id != gateway_) {
            complain("", "there is no such session", 0); // the widget then begins a new one
            peer_.close(1008, "there is no such session");
            co_return;
        }
        const auto agent = co_await all_->rows.agent_of(found->id);
        if (gone_) co_return;
        auto& windows = all_->by_session[found->id];
        if (windows.size() >= all_->bounds.sockets_per_session) {
            ++all_->sockets_refused;
            peer_.close(1008, "this chat is open in too many windows");
            co_return;
        }
        session_ = std::move(*found);
        windows.insert(this);
        peer_.greeted();
        send({{"type", "welcome"},
              {"seq", session_->last_seq},
              {"agent", agent ? json{{"name", agent->name}} : json()}});
        welcomed_ = true;
        pump();
    }

    asio::awaitable<void> look_at_its_age() {
        const auto used = co_await all_->rows.last_used(session_->id);
        checking_ = false;
        session_->last_used = used.value_or(timestamp{});
        if (!gone_ && now() >= session_->last_used + all_->bounds.session_life)
            peer_.close(1008, "this chat has expired: please begin a new one"); // its hello is then refused
    }

    asio::awaitable<void> send_committed() {
        while (std::exchange(again_, false) && !gone_) {
            const auto messages = co_await all_->rows.messages_after(session_->id, sent_);
            for (const auto& m : messages) {
                sent_ = m.seq;
                session_->last_used = std::max(session_->last_used, m.at);
                send(message_json(m));
            }
            if (!messages.empty()) again_ = true; // a full page may have a successor
        }
        pumping_ = false;
    }

    void take(const visitor_message& message, std::string_view text) {
        queue_up(message.client_msg_id, std::string{text});
    }

    /// A message, or without text the end of the chat.
    void queue_up(const std::string& name, std::optional<std::string> text) {
        if (const auto wait = must_wait())
            return complain(name, "that is more than we can read: please wait a moment",
                            static_cast<int>(wait->count()));
        inbox_.emplace_back(name, std::move(text));
        if (std::exchange(taking_, true)) return;
        spawn([](std::shared_ptr<room> self) { return self->take_all(); }, "chat_not_taken");
    }

    asio::awaitable<void> close_chat() {
        co_await all_->rows.close_session(session_->id);
        all_->agents.wake(); // of what was committed
        for (auto* peer : all_->by_session[session_->id]) peer->send({{"type", "closed"}, {"reason", "visitor"}});
    }

    std::optional<std::chrono::seconds> must_wait() {
        if (inbox_.size() >= waiting_messages) return until_committed;
        if (const auto own = all_->messages_of_session.take(session_->id)) return own;
        auto all = all_->messages.take(peer_.address);
        if (all) all_->messages_of_session.give_back(session_->id);
        return all;
    }

    /// One after the other, so that a visitor's words keep their order.
    asio::awaitable<void> take_all() {
        while (!inbox_.empty()) {
            auto [id, text] = std::move(inbox_.front());
            inbox_.pop_front();
            if (!text) {
                co_await close_chat();
                continue;
            }
            const auto receipt = co_await all_->intake(*session_, std::move(*text));
            if (!receipt.seq) {
                complain(id, receipt.problem, 0);
                continue;
            }
            send({{"type", "ack"}, {"client_msg_id", id}, {"seq", *receipt.seq}});
            if (gone_) continue;
            if (receipt.ticket_id) belongs_to(*receipt.ticket_id);
            for (auto* peer : all_->by_session[session_->id]) peer->pump();
        }
        taking_ = false;
    }

    void type_to_agent() {
        const auto now_is = steady::now();
        if (!ticket_ || now_is - typed_ < typing_pause) return;
        typed_ = now_is;
        const auto owner = all_->owner_of.find(*ticket_);
        event e;
        e.type = event_type{"typing"}.name();
        e.at = now();
        e.ticket_id = ticket_;
        if (owner != all_->owner_of.end()) e.agent_id = owner->second;
        e.data = json{{"ticket_id", *ticket_}, {"from", "customer"}, {"name", session_->name}}.dump();
        all_->agents.ephemeral(e);
    }

    std::shared_ptr<state> all_;
    std::int64_t gateway_;
    chat_peer peer_;
    std::optional<store::chat_session> session_;
    std::optional<std::int64_t> ticket_;
    std::int64_t sent_ = 0;
    std::deque<std::pair<std::string, std::optional<std::string>>> inbox_; // in their order; no text = he ends it
    steady::time_point typed_{};
    bool greeted_ = false, welcomed_ = false, gone_ = false, pumping_ = false, again_ = false, taking_ = false;
    bool checking_ = false;
};

chat_rooms::chat_rooms(asio::any_io_executor executor, store::chat& rows, hub& to_agents, chat_intake intake,
                       chat_bounds bounds)
    : state_{std::make_shared<state>(executor, rows, to_agents, std::move(intake), bounds)} {}
chat_rooms::~chat_rooms() = default;

std::shared_ptr<chat_rooms::conversation> chat_rooms::open(std::int64_t gateway_id, chat_peer peer) {
    return std::make_shared<room>(state_, gateway_id, std::move(peer));
}

void chat_rooms::follow(std::span<const event> events) {
    if (state_->by_session.empty()) return;
    for (const auto& e : events) {
        if (!e.ticket_id) continue;
        if (e.type == "contact.sent") {
            const auto data = own_json(e.data);
            if (!data.contains("chat")) continue;
            const auto open = state_->by_session.find(data.at("chat").at("session").get<std::string>());
            if (open == state_->by_session.end()) continue;
            for (auto* peer : open->second) {
                peer->belongs_to(*e.ticket_id);
                peer->pump();
            }
            if (e.actor_id) state_->owner_of[*e.ticket_id] = *e.actor_id;
        } else if (e.type.starts_with("offer.") || e.type == "ticket.changed" || e.type == "contact.received") {
            if (!state_->session_of.contains(*e.ticket_id)) continue;
            const auto data = own_json(e.data);
            if (!data.contains("ticket") || !data.at("ticket").is_object()) continue;
            const auto& owner = data.at("ticket").at("owner");
            if (owner.is_null())
                state_->owner_of.erase(*e.ticket_id);
            else
                state_->owner_of[*e.ticket_id] = owner.at("id");
        }
    }
}

void chat_rooms::agent_types(std::int64_t ticket, std::int64_t agent, std::string_view name) {
    const auto owner = state_->owner_of.find(ticket);
    const auto session = state_->session_of.find(ticket);
    if (owner == state_->owner_of.end() || owner->second != agent || session == state_->session_of.end()) return;
    for (auto* peer : state_->by_session[session->second])
        peer->send({{"type", "typing"}, {"from", "agent"}, {"name", name}});
}

chat_refusals chat_rooms::refusals() const {
    const auto& s = *state_;
    return {s.frames.refused(), s.messages.refused() + s.messages_of_session.refused(), s.sockets_refused};
}

void chat_rooms::end_expired() {
    for (const auto& [id, peers] : state_->by_session)
        for (auto* peer : peers) peer->end_if_expired();
}

std::size_t chat_rooms::open_conversations() const {
    std::size_t n = 0;
    for (const auto& [id, peers] : state_->by_session) n += peers.size();
    return n;
}

} // namespace switchboard::live
