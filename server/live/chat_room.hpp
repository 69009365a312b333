#pragma once

#include "live/chat_state.hpp"
#include "live/frames.hpp"

#include <deque>

namespace switchboard::live {

/// One window of a visitor: his socket.
class chat_rooms::room : public conversation, public std::enable_shared_from_this<room> {
public:
    room(std::shared_ptr<state> all, std::int64_t gateway, chat_peer peer)
        : all_{std::move(all)}, gateway_{gateway}, peer_{std::move(peer)} {}

    void on_message(std::string_view text) override;
    void on_close() override;

    /// Nothing before its welcome.
    void tell(const frame& f) const;

    /// Sends what is committed beyond the last that was sent. Runs once at a time.
    void pump();

    /// Closes it when its session has expired. What other nodes have taken in is not known here, so the rows decide.
    void end_if_expired();

    /// Something could not be read: the visitor's browser connects anew, and resends what has no ack.
    void ask_again() const;

private:
    using clock = std::chrono::steady_clock;
    struct waiting_frame {
        visitor_frame what;
        std::string text;
    };

    template <class F>
    void spawn(F work, const char* fault);

    void send(const frame& f) const;
    void send(const nlohmann::json& j) const;
    void complain(const std::string& client_msg_id, std::string_view detail, std::int64_t retry_after_s) const;
    void complain_of(std::string_view what, std::string_view field, std::string_view detail,
                     std::int64_t retry_after_s) const;
    void refuse(const bad_frame& wrong) const;
    void greet(const visitor_hello& hello);
    void take(visitor_frame what, std::string_view text);
    std::optional<std::chrono::seconds> must_wait();
    void type_to_agent();
    void note_seen(const visitor_seen& seen);

    boost::asio::awaitable<void> welcome(std::string id, std::string token);
    boost::asio::awaitable<void> look_at_its_age();
    boost::asio::awaitable<void> send_committed();
    boost::asio::awaitable<void> take_all();
    boost::asio::awaitable<void> take_in(std::string client_msg_id, std::string text);
    boost::asio::awaitable<void> learn(visitor_about about);
    boost::asio::awaitable<void> mail_transcript();
    boost::asio::awaitable<void> end_it();
    boost::asio::awaitable<void> keep_seen(visitor_seen seen);

    std::shared_ptr<state> all_;
    std::int64_t gateway_;
    chat_peer peer_;
    std::shared_ptr<open_chat> chat_; // null before its welcome
    std::int64_t sent_ = 0;
    std::deque<waiting_frame> inbox_;
    clock::time_point typed_{};
    bool greeted_ = false, welcomed_ = false, gone_ = false, pumping_ = false, again_ = false, taking_ = false,
         checking_ = false;
};

} // namespace switchboard::live
