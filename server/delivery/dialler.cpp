#include <switchboard/delivery/dialler.hpp>

#include <switchboard/outside/webhook.hpp>
#include <switchboard/store/dial_orders.hpp>
#include <switchboard/util/event_data.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/util/work_loop.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace switchboard::delivery {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_calls_at_once = 8;
constexpr std::int64_t claim_s = 30;

outside::webhook webhook_of(const store::dial_order& o) {
    const nlohmann::json body{
        {"callback_id", o.callback_id}, {"attempt", o.attempt}, {"phone", o.phone}, {"ticket_number", o.ticket_number}};
    return {o.url, o.secret, "dial_" + std::to_string(o.id), body.dump(), 10s};
}

} // namespace

std::optional<std::chrono::seconds> dial_pause_after(std::int64_t tries) {
    static constexpr std::array<std::chrono::seconds, 6> pauses{1s, 2s, 5s, 10s, 20s, 30s};
    const auto n = static_cast<std::size_t>(std::max<std::int64_t>(tries, 1) - 1);
    return n < pauses.size() ? std::optional{pauses[n]} : std::nullopt;
}

struct dialler::state : std::enable_shared_from_this<dialler::state> {
    asio::any_io_executor executor;
    store::dial_orders& orders;
    offload_pool sender{most_calls_at_once, most_calls_at_once}; // HTTP blocks
    work_loop loop;
    std::set<std::int64_t> busy; // gateways that are being told: one that hangs holds up its own orders only
    asio::steady_timer idle{executor, asio::steady_timer::time_point::max()}; // cancelled when none is busy

    state(asio::any_io_executor e, store::dial_orders& o) : executor{e}, orders{o}, loop{e} {}

    asio::awaitable<void> attempt(const store::dial_order& o) {
        outside::webhook_result done{0, o.trouble};
        if (o.trouble.empty()) {
            auto job = [hook = webhook_of(o)] { return outside::post_webhook(hook); };
            done = co_await offload(sender, std::move(job));
        }
        std::optional<std::int64_t> again;
        if (!done.error.empty()) {
            // What the gateway refuses it will refuse again.
            const bool refused = done.status >= 400 && done.status < 500 && done.status != 408 && done.status != 429;
            if (const auto pause = refused ? std::nullopt : dial_pause_after(o.tries)) again = pause->count();
            log::warn("dial_order_not_taken", {{"callback", o.callback_id},
                                               {"try", o.tries},
                                               {"error", done.error},
                                               {"again_in_s", again.value_or(-1)}});
        }
        co_await orders.settle(o.id, done.error, again);
    }

    asio::awaitable<void> carry_out(store::dial_order o) {
        const auto self = shared_from_this();
        try {
            co_await attempt(o);
        } catch (const std::exception& error) { // its claim ends by itself
            log::warn("dial_order_unsettled", {{"callback", o.callback_id}, {"error", error.what()}});
        }
        busy.erase(o.gateway_id);
        if (busy.empty()) idle.cancel();
        loop.wake();
    }

    asio::awaitable<std::optional<timestamp>> work_off() {
        while (!loop.stopped()) {
            if (busy.size() == most_calls_at_once) co_return std::nullopt; // whichever ends first wakes us
            auto due = co_await orders.claim(claim_s, busy);
            if (!due) break;
            busy.insert(due->gateway_id);
            asio::co_spawn(executor, carry_out(std::move(*due)), asio::detached);
        }
        co_return co_await orders.next_due(busy);
    }

    asio::awaitable<void> run() {
        const auto self = shared_from_this();
        co_await loop.run([this] { return work_off(); }, "dial_orders_unreadable");
        boost::system::error_code none_left;
        if (!busy.empty()) co_await idle.async_wait(asio::redirect_error(asio::use_awaitable, none_left));
    }
};

dialler::dialler(asio::any_io_executor executor, store::dial_orders& orders)
    : state_{std::make_shared<state>(executor, orders)} {}
dialler::~dialler() {
    stop();
}

asio::awaitable<void> dialler::run() {
    return state_->run();
}

void dialler::stop() {
    state_->loop.stop();
}

void dialler::follow(std::span<const event> events) {
    for (const auto& e : events)
        if (const auto told = read_event<events::ticket_changed>(e);
            told && told->change == events::ticket_change::callback_dialling)
            return state_->loop.wake();
}

} // namespace switchboard::delivery
