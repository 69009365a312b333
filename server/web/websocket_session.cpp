#include "web/websocket_session.hpp"

#include <switchboard/util/log.hpp>
#include <switchboard/util/text.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>

namespace switchboard::web {
namespace {

namespace ws = beast::websocket;
using frame = std::shared_ptr<const std::string>;

constexpr std::size_t kept_buffer = 4u << 10; // what a socket may keep while it is idle
constexpr std::size_t longest_reason = 123;   // RFC 6455 5.5
constexpr std::chrono::seconds last_word{1};
constexpr int unsupported_data = 1003, going_away = 1001, policy_violation = 1008, internal_error = 1011;

/// Callbacks instead of coroutines: an idle socket then holds one pending read and no frames, and there are thousands.
template <class Stream>
class websocket_session final : public websocket, public connection {
public:
    websocket_session(std::shared_ptr<server_state> state, Stream stream)
        : connection(std::move(state)), ws_(std::move(stream)) {}

    void start(websocket_start start);

    bool send(frame f) override;
    void close(int code, std::string reason) override;
    std::size_t room() const override {
        const auto queued = waiting_.size() + sending_.size() - sent_;
        return state_->options.websocket_outbox - queued;
    }

    void await_hello(std::chrono::milliseconds within) override {
        if (phase_ == phase::open) deadline = steady::now() + within;
    }
    void greeted() override {
        if (phase_ == phase::open) deadline = steady::time_point::max();
    }

    void end_when_silent(std::chrono::milliseconds for_so_long) override {
        ws_.set_option(ws::stream_base::timeout{state_->options.header_timeout, for_so_long, true});
    }

    void on_deadline() override {
        if (phase_ != phase::open) return cut();
        close(policy_violation, "no hello came in time");
        deadline = std::min(deadline, steady::now() + last_word); // who has said nothing will hardly say goodbye
    }
    void stop() override {
        if (phase_ == phase::opening)
            cut();
        else
            close(going_away, "the server is stopping");
    }
    void cut() override {
        error_code ignored;
        socket_of(ws_.next_layer()).close(ignored);
    }

private:
    enum class phase { opening, open, closing, over };

    auto self() { return std::static_pointer_cast<websocket_session>(shared_from_this()); }
    void opened(error_code ec, const std::function<void(std::shared_ptr<websocket>)>& accepted);
    void read();
    void received(error_code ec);
    void write();
    void send_close();
    void finish();
    void end() {
        cut();
        // The hub may still hold the object; a timer left running would keep the io_context from ending.
        ws_.set_option(ws::stream_base::timeout{ws::stream_base::none(), ws::stream_base::none(), false});
        leave();
    }

    ws::stream<Stream, false> ws_; // false: no permessage-deflate, which would cost some 300 KB a socket
    beast::flat_buffer incoming_;
    std::vector<frame> waiting_, sending_; // one fills while the other is written; no memory when idle
    std::size_t sent_ = 0;                 // of sending_
    std::size_t queued_bytes_ = 0;         // of both, not written yet
    phase phase_ = phase::opening;
    bool writing_ = false;
    bool close_pending_ = false;
    ws::close_reason reason_;
};

template <class Stream>
void websocket_session<Stream>::start(websocket_start start) {
    const auto& limits = state_->options;
    ws_.set_option(ws::stream_base::timeout{limits.header_timeout, limits.websocket_idle, true});
    ws_.set_option(ws::stream_base::decorator([id = std::move(start.request_id)](ws::response_type& r) {
        r.set("X-Request-Id", id);
        r.set("X-Content-Type-Options", "nosniff");
    }));
    ws_.read_message_max(limits.websocket_message_bytes);
    ws_.auto_fragment(false); // frames go out of the shared string as they are: no write buffer
    ws_.text(true);
    auto handshake = std::make_unique<beast_http::request<beast_http::empty_body>>(std::move(start.handshake));
    const auto& h = *handshake;
    ws_.async_accept(h, [me = self(), kept = std::move(handshake),
                         accepted = std::move(start.accepted)](error_code ec) { me->opened(ec, accepted); });
}

template <class Stream>
void websocket_session<Stream>::opened(error_code ec, const std::function<void(std::shared_ptr<websocket>)>& accepted) {
    if (ec) return;
    phase_ = phase::open;
    try {
        if (accepted) accepted(shared_from_this());
    } catch (const std::exception& e) {
        log::error("websocket_failed", {{"reason", e.what()}});
        close(internal_error, "internal error");
    }
    read();
}

template <class Stream>
void websocket_session<Stream>::read() {
    ws_.async_read(incoming_, [me = self()](error_code ec, std::size_t) { me->received(ec); });
}

template <class Stream>
void websocket_session<Stream>::received(error_code ec) {
    if (ec) return finish();
    if (phase_ == phase::open && !ws_.got_text()) {
        close(unsupported_data, "only text frames are understood");
    } else if (phase_ == phase::open && on_message) {
        const auto bytes = incoming_.data();
        try {
            on_message({static_cast<const char*>(bytes.data()), bytes.size()});
        } catch (const std::exception& e) {
            log::error("websocket_failed", {{"reason", e.what()}});
            close(internal_error, "internal error");
        }
    }
    incoming_.consume(incoming_.size());
    if (incoming_.capacity() > kept_buffer) incoming_.shrink_to_fit();
    read();
}

template <class Stream>
bool websocket_session<Stream>::send(frame f) {
    if (phase_ != phase::open) return false;
    const bool too_much = queued_bytes_ > 0 && queued_bytes_ + f->size() > state_->options.websocket_outbox_bytes;
    if (room() == 0 || too_much) {
        cut(); // a close frame cannot pass a full pipe
        return false;
    }
    queued_bytes_ += f->size();
    waiting_.push_back(std::move(f));
    if (!writing_) write();
    return true;
}

template <class Stream>
void websocket_session<Stream>::write() {
    if (sent_ == sending_.size()) {
        sending_.clear();
        sent_ = 0;
        if (waiting_.empty()) {
            writing_ = false;
            sending_.shrink_to_fit();
            waiting_.shrink_to_fit();
            send_close();
            return;
        }
        sending_.swap(waiting_);
    }
    writing_ = true;
    ws_.async_write(asio::buffer(*sending_[sent_]), [me = self()](error_code ec, std::size_t) {
        if (ec) {
            me->writing_ = false;
            return me->cut();
        }
        me->queued_bytes_ -= me->sending_[me->sent_]->size();
        me->sending_[me->sent_++].reset();
        me->write();
    });
}

template <class Stream>
void websocket_session<Stream>::close(int code, std::string reason) {
    if (phase_ != phase::open) return;
    phase_ = phase::closing;
    const auto cut_reason = truncate_utf8(reason, longest_reason);
    reason_ = ws::close_reason(static_cast<ws::close_code>(code), beast::string_view(cut_reason));
    deadline = steady::now() + state_->options.websocket_close;
    if (!writing_) send_close();
}

template <class Stream>
void websocket_session<Stream>::send_close() {
    if (phase_ != phase::closing) return; // the peer was faster
    close_pending_ = true;
    ws_.async_close(reason_, [me = self()](error_code) {
        me->close_pending_ = false;
        me->end();
    });
}

template <class Stream>
void websocket_session<Stream>::finish() {
    // While our own close is under way its handler ends the socket: the peer may still be reading our close frame.
    if (!close_pending_) end();
    phase_ = phase::over;
    waiting_.clear();
    on_message = nullptr;
    if (const auto told = std::exchange(on_close, nullptr)) {
        try {
            told();
        } catch (const std::exception& e) {
            log::error("websocket_failed", {{"reason", e.what()}});
        }
    }
}

template <class Stream>
void begin(std::shared_ptr<server_state> state, Stream stream, websocket_start start) {
    std::make_shared<websocket_session<Stream>>(std::move(state), std::move(stream))->start(std::move(start));
}

} // namespace

void start_websocket(std::shared_ptr<server_state> state, plain_stream stream, websocket_start start) {
    begin(std::move(state), std::move(stream), std::move(start));
}

void start_websocket(std::shared_ptr<server_state> state, tls_stream stream, websocket_start start) {
    begin(std::move(state), std::move(stream), std::move(start));
}

} // namespace switchboard::web
