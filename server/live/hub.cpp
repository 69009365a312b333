#include <switchboard/live/hub.hpp>

#include <switchboard/store/event_log.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <map>
#include <vector>

namespace switchboard::live {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t page_size = 500;
constexpr auto poll_behind_an_open_commit = 5ms; // its own bell may be on another node
constexpr auto between_looks = 1ms;              // in a flood the bell never stands still
constexpr auto heartbeat = 5s;

frame shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

} // namespace

struct hub::state : std::enable_shared_from_this<hub::state> {
    struct subscriber {
        viewer who;
        authority by;
        sink to;
        bool live = false;  // has said hello and is up with the hub
        bool ended = false; // its authority has; the close frame is on its way
        cursor seen{};      // what he has already: the picture he began with may be newer than the hub's last look
    };

    asio::any_io_executor executor;
    store::event_log& log;
    const std::chrono::milliseconds unrung;
    std::map<subscriber_id, subscriber> subscribers;
    const std::function<void(std::span<const event>)> follow;
    std::function<std::string(const viewer&)> greeting;
    subscriber_id next_id = 1;
    cursor position;
    asio::steady_timer bell;
    bool rung = false;
    bool stopped = false;
    asio::steady_timer rest;
    std::chrono::steady_clock::time_point next_heartbeat = std::chrono::steady_clock::now() + heartbeat;

    state(asio::any_io_executor e, store::event_log& l, std::function<void(std::span<const event>)> f,
          std::chrono::milliseconds u)
        : executor{e}, log{l}, unrung{u}, follow{std::move(f)}, bell{e}, rest{e} {}

    void push(const event& e, const frame& f) {
        for (auto it = subscribers.begin(); it != subscribers.end();) {
            auto& s = (it++)->second; // send may cut the subscriber off, which unsubscribes it
            const bool had_it = e.cursor != cursor{} && e.cursor <= s.seen;
            if (s.live && !had_it && may_see(s.who, e)) s.to.send(f);
        }
    }

    void push_to_all(const frame& f) {
        for (auto it = subscribers.begin(); it != subscribers.end();) {
            auto& s = (it++)->second;
            if (s.live) s.to.send(f);
        }
    }

    void go_live(subscriber& s) {
        s.live = true;
        if (greeting) s.to.send(shared(greeting(s.who)));
    }

    void resync(subscriber_id id) {
        const auto found = subscribers.find(id);
        if (found == subscribers.end() || found->second.ended) return;
        if (found->second.to.send(shared(fmt::format(R"({{"type":"resync","cursor":"{}"}})", to_string(position)))))
            go_live(found->second);
    }

    asio::awaitable<void> wait(std::chrono::steady_clock::duration how_long) {
        if (rung || stopped) co_return;
        bell.expires_after(how_long);
        boost::system::error_code woken;
        co_await bell.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    void beat() {
        if (std::chrono::steady_clock::now() < next_heartbeat) return;
        next_heartbeat = std::chrono::steady_clock::now() + heartbeat;
        push_to_all(shared(fmt::format(R"({{"type":"heartbeat","server_time":"{}"}})", to_rfc3339(now()))));
    }

    asio::awaitable<void> run() {
        const auto self = shared_from_this();
        while (!stopped) {
            std::chrono::steady_clock::duration pause = unrung;
            co_await rest.async_wait(asio::use_awaitable);
            rest.expires_after(between_looks);
            rung = false;
            try {
                const auto page = co_await log.after(position, page_size);
                if (!page.events.empty()) {
                    position = page.events.back().cursor;
                    for (const auto& e : page.events) push(e, shared(to_frame(e)));
                    follow(page.events);
                }
                if (page.more)
                    pause = 0s;
                else if (page.pending)
                    pause = poll_behind_an_open_commit;
            } catch (const std::exception& error) {
                log::warn("event_log_unreadable", {{"error", error.what()}});
            }
            beat();
            if (pause > 0s) co_await wait(pause);
        }
    }

    /// Brings one subscriber up to the hub. It reads the log by itself, so that a slow one holds up nobody.
    asio::awaitable<void> catch_up(subscriber_id id, cursor reached) {
        const auto self = shared_from_this();
        if (position < reached && co_await log.end() < reached) { // no cursor of this log: of a backup, perhaps
            resync(id);
            co_return;
        }
        asio::steady_timer pause{executor};
        for (;;) {
            if (reached < position) {
                const auto began = reached, target = position; // while we read, the hub may pass what commits late
                const auto page = co_await log.after(reached, page_size);
                for (const auto& e : page.events) {
                    if (position < e.cursor) break; // the hub pushes these itself, later
                    reached = e.cursor;
                    auto found = subscribers.find(id);
                    while (found != subscribers.end() && !found->second.ended && found->second.to.room() < 2 &&
                           !stopped) {
                        pause.expires_after(20ms);
                        co_await pause.async_wait(asio::use_awaitable);
                        found = subscribers.find(id);
                    }
                    if (found == subscribers.end() || found->second.ended || stopped) co_return;
                    if (may_see(found->second.who, e) && !found->second.to.send(shared(to_frame(e)))) co_return;
                }
                if (reached == began) reached = target; // nothing lies between
                continue;
            }
            if (const auto found = subscribers.find(id); found != subscribers.end() && !found->second.ended) {
                found->second.seen = reached;
                go_live(found->second);
            }
            co_return;
        }
    }
};

hub::hub(asio::any_io_executor executor, store::event_log& log, std::function<void(std::span<const event>)> follow,
         std::chrono::milliseconds unrung)
    : state_{std::make_shared<state>(std::move(executor), log, std::move(follow), unrung)} {}
hub::~hub() {
    stop();
}

asio::awaitable<void> hub::begin() {
    state_->position = co_await state_->log.end();
}

asio::awaitable<void> hub::run() {
    return state_->run();
}

void hub::stop() {
    state_->stopped = true;
    state_->bell.cancel();
}

void hub::wake() {
    state_->rung = true;
    state_->bell.cancel();
}

subscriber_id hub::subscribe(viewer who, authority by, sink to) {
    const auto id = state_->next_id++;
    state_->subscribers.emplace(id, state::subscriber{std::move(who), by, std::move(to)});
    return id;
}

void hub::unsubscribe(subscriber_id id) {
    state_->subscribers.erase(id);
}

void hub::hello(subscriber_id id, std::optional<cursor> after) {
    const auto found = state_->subscribers.find(id);
    if (found == state_->subscribers.end() || found->second.live || found->second.ended) return;
    const auto here = state_->position;
    if (!found->second.to.send(
            shared(fmt::format(R"({{"type":"welcome","cursor":"{}","server_time":"{}","heartbeat_s":{}}})",
                               to_string(after ? *after : here), to_rfc3339(now()), heartbeat / 1s))))
        return;
    if (!after || *after == here) {
        state_->go_live(found->second);
        return;
    }
    asio::co_spawn(state_->executor, state_->catch_up(id, *after), [s = state_, id](std::exception_ptr failed) {
        if (failed) s->resync(id); // the log could not be read: the subscriber fetches what it shows anew
    });
}

std::set<std::int64_t> hub::people() const {
    std::set<std::int64_t> ids;
    for (const auto& [id, s] : state_->subscribers)
        if (s.who.user_id != 0) ids.insert(s.who.user_id); // 0: a machine
    return ids;
}

void hub::set_viewer(const viewer& who) {
    for (auto& [id, s] : state_->subscribers)
        if (s.who.user_id == who.user_id) s.who = who;
}

std::vector<authority> hub::authorities() const {
    std::set<authority> all;
    for (const auto& [id, s] : state_->subscribers)
        if (!s.ended) all.insert(s.by);
    return {all.begin(), all.end()};
}

void hub::end(const authority& by) {
    constexpr int signed_out = 4401; // like HTTP's 401, in the range that RFC 6455 leaves to us
    for (auto it = state_->subscribers.begin(); it != state_->subscribers.end();) {
        auto& s = (it++)->second;
        if (s.by != by || s.ended) continue;
        s.ended = true;
        s.live = false;
        s.to.close(signed_out, by.of == authority::kind::session ? "this session has ended" : "this token has ended");
    }
}

void hub::greet(std::function<std::string(const viewer&)> frame) {
    state_->greeting = std::move(frame);
}

void hub::ephemeral(const event& e) {
    state_->push(e, shared(to_frame(e)));
}

std::size_t hub::subscribers() const {
    return state_->subscribers.size();
}
cursor hub::position() const {
    return state_->position;
}

} // namespace switchboard::live
