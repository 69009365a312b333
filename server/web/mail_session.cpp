#include "web/mail_session.hpp"

#include <switchboard/util/address.hpp>
#include <switchboard/util/log.hpp>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <exception>
#include <vector>

namespace switchboard::web {
namespace {

constexpr std::size_t read_bytes = 32u << 10;
constexpr std::chrono::seconds last_words{5}; // for a 421 to somebody who may not read

mail_terms terms_of(const mail_server_state& state, std::string remote) {
    const auto& o = state.options;
    return {o.protocol, state.hostname, o.message_bytes, o.recipients, state.tls.has_value(), std::move(remote)};
}

} // namespace

mail_session::mail_session(std::shared_ptr<mail_server_state> state, mail_socket socket, std::string remote)
    : state_{std::move(state)}, socket_{std::move(socket)}, dialogue_{terms_of(*state_, remote)},
      address_{address_prefix(remote)}, buffer_(read_bytes, '\0') {
    state_->sessions.insert(this);
}

mail_session::~mail_session() {
    state_->sessions.erase(this);
    state_->buffered -= held_;
    if (state_->stopping && state_->sessions.empty()) state_->drained.cancel();
}

asio::awaitable<void> mail_session::run() {
    const auto self = shared_from_this();
    if (co_await converse(socket_)) co_await secure();
    error_code ignored;
    socket_.shutdown(mail_socket::shutdown_send, ignored);
}

/// Until its end (false) or until the peer wants TLS (true).
template <class Stream>
asio::awaitable<bool> mail_session::converse(Stream& stream) {
    for (;;) {
        const auto need = dialogue_.next();
        if (!account()) continue;
        switch (need) {
        case mail_dialogue::need::recipient: {
            auto answer = recipient_answer::not_now;
            try {
                answer = co_await state_->check(dialogue_.recipient());
            } catch (const std::exception& e) {
                log::warn("recipient_not_checked", {{"reason", e.what()}});
            }
            dialogue_.answer_recipient(answer);
            break;
        }
        case mail_dialogue::need::delivery:
            co_await deliver();
            break;
        case mail_dialogue::need::input:
            if (state_->stopping && !dialogue_.in_content()) {
                dialogue_.dismiss("is closing");
                break;
            }
            if (!co_await send(stream)) co_return false;
            if (co_await receive(stream)) break;
            if (!ends_it()) co_return false;
            dialogue_.dismiss(gives_way_ ? "has as many connections as it may, and this one rested"
                              : late_    ? "waited too long"
                                         : "is closing");
            break;
        case mail_dialogue::need::tls:
            co_return co_await send(stream);
        case mail_dialogue::need::end:
            co_await send(stream);
            co_return false;
        }
    }
}

template <class Stream>
asio::awaitable<bool> mail_session::send(Stream& stream) {
    const auto replies = dialogue_.take_replies();
    if (replies.empty()) co_return true;
    deadline_ = steady::now() + (ends_it() ? last_words : state_->options.command_timeout);
    const auto [ec, n] = co_await asio::async_write(stream, asio::buffer(replies), tok);
    deadline_ = steady::time_point::max();
    co_return !ec;
}

template <class Stream>
asio::awaitable<bool> mail_session::receive(Stream& stream) {
    const auto now = steady::now();
    if (!dialogue_.in_content())
        content_deadline_ = steady::time_point::max();
    else if (content_deadline_ == steady::time_point::max())
        content_deadline_ = now + state_->options.data_timeout;
    deadline_ = std::min<steady::time_point>(now + state_->options.command_timeout, content_deadline_);
    reading_ = true;
    reading_since_ = now;
    const auto [ec, n] = co_await stream.async_read_some(asio::buffer(buffer_), tok);
    reading_ = false;
    deadline_ = steady::time_point::max();
    if (ec) co_return false;
    dialogue_.feed(std::string_view{buffer_}.substr(0, n));
    co_return true;
}

asio::awaitable<void> mail_session::secure() {
    asio::ssl::stream<mail_socket&> stream{socket_, *state_->tls};
    deadline_ = steady::now() + state_->options.command_timeout;
    const auto [ec] = co_await stream.async_handshake(asio::ssl::stream_base::server, tok);
    deadline_ = steady::time_point::max();
    if (ec) co_return;
    dialogue_.tls_started();
    co_await converse(stream);
    deadline_ = steady::now() + last_words;
    co_await stream.async_shutdown(tok);
    deadline_ = steady::time_point::max();
}

asio::awaitable<void> mail_session::deliver() {
    auto message = dialogue_.take_message();
    std::vector<delivery_answer> answers(message.recipients.size(), delivery_answer::not_now);
    try {
        answers = co_await state_->take(std::move(message));
    } catch (const std::exception& e) {
        log::error("mail_not_kept", {{"reason", e.what()}}); // 451: a sender must never take our fault for its own
    }
    dialogue_.answer_delivery(answers);
}

bool mail_session::account() {
    const auto holds = dialogue_.held();
    const bool too_much = holds > held_ && state_->buffered + (holds - held_) > state_->options.buffered_bytes;
    if (too_much) dialogue_.shed();
    state_->buffered += dialogue_.held() - held_; // unsigned, and right all the same
    held_ = dialogue_.held();
    return !too_much;
}

void mail_session::on_sweep(steady::time_point now) {
    if (now < deadline_) return;
    deadline_ = steady::time_point::max();
    late_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

std::optional<steady::time_point> mail_session::resting_since() const {
    if (!reading_ || ends_it() || dialogue_.in_content()) return std::nullopt;
    return reading_since_;
}

void mail_session::give_way() {
    gives_way_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void mail_session::stop() {
    error_code ignored;
    if (reading_ && !dialogue_.in_content()) socket_.cancel(ignored);
}

void mail_session::cut() {
    error_code ignored;
    socket_.close(ignored);
}

} // namespace switchboard::web
