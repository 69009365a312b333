#include "live/chat_room.hpp"

#include "live/transcript.hpp"

#include <switchboard/util/event_data.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/co_spawn.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace switchboard::live {

namespace asio = boost::asio;
using nlohmann::json;

namespace {

constexpr std::size_t waiting_frames = 20; // of a socket, not yet committed
constexpr std::chrono::seconds until_committed{2};
constexpr auto typing_pause = std::chrono::seconds{1};

json message_json(const store::chat_message& m) {
    json files = json::array();
    for (const auto& a : m.attachments)
        files.push_back({{"id", a.id}, {"name", a.name}, {"type", a.type}, {"size", a.size}});
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

void chat_room::on_message(std::string_view text) {
    if (all_->frames.take(peer_.address)) return peer_.close(1008, "that is more than we can read");
    auto frame = read_visitor_frame(text);
    if (!frame) return refuse(frame.error());
    if (const auto* hello = std::get_if<visitor_hello>(&*frame)) return greet(*hello);
    if (!welcomed_) return complain("", "say hello first", 0);
    if (std::holds_alternative<visitor_typing>(*frame)) return type_to_agent();
    if (const auto* seen = std::get_if<visitor_seen>(&*frame)) return note_seen(*seen);
    const bool is_message = std::holds_alternative<visitor_message>(*frame);
    take(std::move(*frame), is_message ? text : std::string_view{});
}

void chat_room::on_close() {
    gone_ = true;
    if (chat_) all_->leave(*chat_, this);
}

void chat_room::tell(const frame& f) const {
    if (welcomed_) send(f);
}

void chat_room::send(const frame& f) const {
    if (!gone_) peer_.send(f);
}

void chat_room::send(const json& j) const {
    send(std::make_shared<const std::string>(j.dump()));
}

void chat_room::pump() {
    again_ = true;
    if (pumping_ || gone_ || !welcomed_) return;
    pumping_ = true;
    spawn([](std::shared_ptr<chat_room> self) { return self->send_committed(); }, "chat_not_sent");
}

void chat_room::end_if_expired() {
    if (!chat_ || gone_ || checking_ || now() < chat_->about.last_used + all_->bounds.session_life) return;
    checking_ = true;
    spawn([](std::shared_ptr<chat_room> self) { return self->look_at_its_age(); }, "chat_age_unknown");
}

void chat_room::ask_again() const {
    if (!gone_) peer_.close(1013, "please connect again");
}

void chat_room::say_closed() const {
    send(json{{"type", "closed"}});
}

template <class F>
void chat_room::spawn(F work, const char* fault) {
    auto self = shared_from_this();
    asio::co_spawn(all_->executor, work(self), [self, fault](std::exception_ptr failed) {
        if (!failed) return;
        try {
            std::rethrow_exception(failed);
        } catch (const std::exception& error) {
            log::warn(fault, {{"error", error.what()}});
        }
        self->pumping_ = self->taking_ = self->checking_ = false;
        self->ask_again();
    });
}

void chat_room::complain(const std::string& client_msg_id, std::string_view detail, std::int64_t retry_after_s) const {
    json j{{"type", "error"}, {"detail", detail}};
    if (!client_msg_id.empty()) j["client_msg_id"] = client_msg_id;
    if (retry_after_s > 0) j["retry_after_s"] = retry_after_s;
    send(j);
}

void chat_room::complain_of(std::string_view what, std::string_view field, std::string_view detail,
                            std::int64_t retry_after_s) const {
    json j{{"type", "error"}, {"of", what}, {"detail", detail}};
    if (!field.empty()) j["field"] = field;
    if (retry_after_s > 0) j["retry_after_s"] = retry_after_s;
    send(j);
}

void chat_room::refuse(const bad_frame& wrong) const {
    send(std::make_shared<const std::string>(error_frame(wrong)));
    if (wrong.was_hello) peer_.close(1008, wrong.detail);
}

void chat_room::greet(const visitor_hello& hello) {
    if (greeted_) return refuse({.field = "type", .detail = "hello is said once", .was_hello = true});
    greeted_ = true;
    sent_ = hello.last_seq;
    spawn(
        [id = hello.session, token = hello.token](std::shared_ptr<chat_room> self) { return self->welcome(id, token); },
        "chat_hello_failed");
}

asio::awaitable<void> chat_room::welcome(std::string id, std::string token) {
    auto found = co_await all_->rows.find_session(std::move(id), std::move(token), all_->bounds.session_life);
    if (!found || found->gateway_id != gateway_) {
        complain("", "there is no such session", 0); // the widget then begins a new one
        peer_.close(1008, "there is no such session");
        co_return;
    }
    if (gone_) co_return;
    auto& chat = all_->open[found->id];
    if (!chat) chat = std::make_shared<open_chat>();
    if (chat->windows.size() >= all_->bounds.sockets_per_session) {
        ++all_->sockets_refused;
        peer_.close(1008, "this chat is open in too many windows");
        co_return;
    }
    chat_ = chat;
    chat_->windows.insert(this);
    chat_->about = std::move(*found);
    // Before its ticket is read, so that whatever happens to it meanwhile is heard.
    if (chat_->about.ticket_id) all_->session_of[*chat_->about.ticket_id] = chat_->about.id;
    const auto known = chat_->standing ? std::optional{chat_->standing->ticket_id} : std::nullopt;
    if (!chat_->known || known != chat_->about.ticket_id) co_await all_->looked_up(chat_);
    if (gone_) co_return;
    peer_.greeted();
    all_->is_here(*chat_);
    const auto agent = chat_->standing ? chat_->standing->owner : std::nullopt;
    send(json{
        {"type", "welcome"}, {"seq", chat_->about.last_seq}, {"agent", agent ? json{{"name", agent->name}} : json()}});
    send(chat_->told);
    welcomed_ = true;
    pump();
}

asio::awaitable<void> chat_room::look_at_its_age() {
    const auto used = co_await all_->rows.last_used(chat_->about.id);
    checking_ = false;
    chat_->about.last_used = used.value_or(timestamp{});
    if (!gone_ && now() >= chat_->about.last_used + all_->bounds.session_life)
        peer_.close(1008, "this chat has expired: please begin a new one"); // its hello is then refused
}

asio::awaitable<void> chat_room::send_committed() {
    while (std::exchange(again_, false) && !gone_) {
        const auto messages = co_await all_->rows.messages_after(chat_->about.id, sent_);
        for (const auto& m : messages) {
            sent_ = m.seq;
            chat_->about.last_used = std::max(chat_->about.last_used, m.at);
            send(message_json(m));
        }
        if (!messages.empty()) again_ = true; // a full page may have a successor
    }
    pumping_ = false;
}

void chat_room::take(visitor_frame what, std::string_view text) {
    if (const auto wait = must_wait()) {
        constexpr auto detail = "that is more than we can read: please wait a moment";
        const auto* message = std::get_if<visitor_message>(&what);
        if (message != nullptr) return complain(message->client_msg_id, detail, wait->count());
        const auto of = std::holds_alternative<visitor_transcript>(what) ? "transcript"
                        : std::holds_alternative<visitor_about>(what)    ? "about"
                                                                         : "close";
        return complain_of(of, "", detail, wait->count());
    }
    inbox_.push_back({std::move(what), std::string{text}});
    if (std::exchange(taking_, true)) return;
    spawn([](std::shared_ptr<chat_room> self) { return self->take_all(); }, "chat_not_taken");
}

std::optional<std::chrono::seconds> chat_room::must_wait() {
    if (inbox_.size() >= waiting_frames) return until_committed;
    if (const auto own = all_->messages_of_session.take(chat_->about.id)) return own;
    auto all = all_->messages.take(peer_.address);
    if (all) all_->messages_of_session.give_back(chat_->about.id);
    return all;
}

/// One after the other, so that a visitor's words keep their order.
asio::awaitable<void> chat_room::take_all() {
    while (!inbox_.empty()) {
        auto next = std::move(inbox_.front());
        inbox_.pop_front();
        if (auto* message = std::get_if<visitor_message>(&next.what))
            co_await take_in(std::move(message->client_msg_id), std::move(next.text));
        else if (auto* about = std::get_if<visitor_about>(&next.what))
            co_await learn(std::move(*about));
        else if (std::holds_alternative<visitor_transcript>(next.what))
            co_await mail_transcript();
        else
            co_await end_it();
    }
    taking_ = false;
}

asio::awaitable<void> chat_room::take_in(std::string client_msg_id, std::string text) {
    const auto receipt = co_await all_->doors.intake(chat_->about, std::move(text));
    if (!receipt.seq) {
        complain(client_msg_id, receipt.problem, 0);
        co_return;
    }
    send(json{{"type", "ack"}, {"client_msg_id", client_msg_id}, {"seq", *receipt.seq}});
    if (gone_) co_return;
    if (receipt.ticket_id) all_->belongs_to(chat_, *receipt.ticket_id);
    for (auto* window : chat_->windows) window->pump();
}

asio::awaitable<void> chat_room::learn(visitor_about about) {
    co_await all_->rows.set_visitor(chat_->about.id, about.name, about.email);
    if (!about.name.empty()) chat_->about.name = about.name;
    chat_->about.email = about.email;
    all_->doors.bell();
    all_->tell(*chat_);
}

asio::awaitable<void> chat_room::mail_transcript() {
    const auto refuse = [this](std::string_view field, std::string_view detail, std::int64_t retry_after_s = 0) {
        complain_of("transcript", field, detail, retry_after_s);
    };
    // As it is now, wherever it was changed.
    const auto& about = chat_->about;
    if (about.email.empty()) co_return refuse("email", "leave your e-mail address first");
    if (!is_plain_mail_address(about.email)) co_return refuse("email", "must be an e-mail address");
    if (all_->doors.is_own_mailbox(about.email)) co_return refuse("email", "is an address of ours: give your own");
    const auto mailbox = chat_->service.mail_gateway;
    if (!mailbox) co_return refuse("", "this chat cannot send mail");
    std::vector<store::chat_message> said;
    while (said.size() < transcript_bounds::messages) {
        auto page = co_await all_->rows.messages_after(about.id, said.empty() ? 0 : said.back().seq);
        if (page.empty()) break;
        std::ranges::move(page, std::back_inserter(said));
    }
    // What nobody here has answered would be a stranger's words to whomever he likes, with our name under them.
    if (std::ranges::none_of(said, [](const auto& m) { return m.from == "agent"; }))
        co_return refuse("", "there is nothing to send before somebody has answered");
    auto mail = compose_transcript(about, said);
    if (mail.text.empty()) co_return refuse("", "what you wrote since the last answer is too long for a mail");
    mail.gateway_id = *mailbox;
    const auto sent = co_await all_->rows.send_transcript(std::move(mail), all_->bounds.transcript_pause);
    if (!sent) co_return refuse("", sent.error().detail, sent.error().retry_after_s);
    all_->doors.bell();
    send(json{{"type", "transcript"}, {"to", about.email}});
}

asio::awaitable<void> chat_room::end_it() {
    co_await all_->rows.close_session(chat_->about.id);
    all_->doors.bell();
    for (auto* window : chat_->windows) window->say_closed();
}

/// Each place once, whichever of his windows says so.
void chat_room::note_seen(const visitor_seen& seen) {
    auto& known = seen.read ? chat_->read : chat_->received;
    if (seen.seq <= known || seen.seq > sent_) return;
    known = seen.seq;
    spawn([seen](std::shared_ptr<chat_room> self) { return self->keep_seen(seen); }, "chat_delivery_not_kept");
}

asio::awaitable<void> chat_room::keep_seen(visitor_seen seen) {
    if (co_await all_->rows.mark_delivered(chat_->about.id, seen.seq, seen.read)) all_->doors.bell();
}

void chat_room::type_to_agent() {
    const auto now_is = clock::now();
    if (!chat_->standing || now_is - typed_ < typing_pause) return;
    typed_ = now_is;
    const auto& t = *chat_->standing;
    auto e = event_of(events::typing{.ticket_id = t.ticket_id, .name = chat_->about.name}, now());
    e.ticket_id = t.ticket_id;
    if (t.owner) e.agent_id = t.owner->id;
    all_->agents.ephemeral(e);
}

} // namespace switchboard::live
