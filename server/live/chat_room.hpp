#pragma once

#include "live/chat_state.hpp"
#include "live/frames.hpp"

#include <deque>

namespace switchboard::live {

/// One window of a visitor: his socket.
class chat_room : public chat_conversation, public chat_window, public std::enable_shared_from_this<chat_room> {
public:
    chat_room(std::shared_ptr<chat_state> all, std::int64_t gateway, chat_peer peer)
        : all_{std::move(all)}, gateway_{gateway}, peer_{std::move(peer)} {}

    void on_message(std::string_view text) override;
    void on_close() override;

    void tell(const frame& f) const override;
    void pump() override;
    void ask_again() const override;
    void end_if_expired() override;
    void say_closed() const override;

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

    std::shared_ptr<chat_state> all_;
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
