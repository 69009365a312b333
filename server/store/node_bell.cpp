#include <switchboard/store/node_bell.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/util/log.hpp>

#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace switchboard::store {

using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

constexpr auto bell_channel = "switchboard";
constexpr auto silence = 5ms;                                      // between two that are sent
constexpr auto known_for = 1s;                                     // whether anybody else is there
constexpr clock::duration first_pause = 100ms, longest_pause = 5s; // before connecting anew

// By this name nodes know each other: only once it has it does a session hear.
constexpr auto ready = "SET synchronous_commit = off; SET application_name = 'switchboard bell'";
constexpr statement others_listen{"other_nodes", R"(
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE application_name = 'switchboard bell' AND datname = current_database() AND pid <> pg_backend_pid()))"};

/// Notes whether another session has rung.
class ear : public pqxx::notification_receiver {
public:
    explicit ear(pqxx::connection& c) : notification_receiver{c, bell_channel}, own_{c.backendpid()} {}
    void operator()(const std::string&, int sender) override { rung_ = rung_ || sender != own_; }
    bool heard() { return std::exchange(rung_, false); }

private:
    int own_;
    bool rung_ = false;
};

/// Wakes a thread out of poll().
class wake_up {
public:
    wake_up() : fd_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
    }
    ~wake_up() { ::close(fd_); }
    wake_up(const wake_up&) = delete;
    wake_up& operator=(const wake_up&) = delete;

    void call() const { ::eventfd_write(fd_, 1); }
    /// Until somebody calls, the socket has news, or it is time; -1 = no socket, empty = no time.
    void wait(int socket, std::optional<clock::duration> how_long) const {
        pollfd both[]{{.fd = fd_, .events = POLLIN, .revents = 0}, {.fd = socket, .events = POLLIN, .revents = 0}};
        const auto ms =
            how_long ? std::chrono::ceil<std::chrono::milliseconds>(std::max(*how_long, clock::duration{0})).count()
                     : -1;
        ::poll(both, 2, static_cast<int>(ms));
        eventfd_t calls = 0;
        ::eventfd_read(fd_, &calls);
    }

private:
    int fd_;
};

} // namespace

struct node_bell::state {
    const std::string url;
    const boost::asio::any_io_executor home;
    const std::function<void()> heard;
    wake_up alarm;
    std::atomic<bool> stopped = false, rung = false;
    std::atomic<clock::time_point> alone_until{}; // until then whoever rings wakes nobody
    std::thread thread;

    state(std::string u, boost::asio::any_io_executor e, std::function<void()> h)
        : url{std::move(u)}, home{std::move(e)}, heard{std::move(h)} {}

    void run() {
        auto pause = first_pause;
        while (!stopped) {
            const auto began = clock::now();
            try {
                listen();
            } catch (const std::exception& e) {
                log::warn("node_bell_silent", {{"reason", e.what()}});
            }
            if (clock::now() - began > longest_pause) pause = first_pause; // it was well for a while
            const auto again = clock::now() + pause;
            while (!stopped && clock::now() < again) alarm.wait(-1, again - clock::now());
            pause = std::min(pause * 2, longest_pause);
        }
    }

    void listen() {
        const auto c = connect(url);
        ear hears{*c};
        pqxx::nontransaction{*c}.exec(ready);
        clock::time_point silent_until{};
        while (!stopped && c->is_open()) {
            c->get_notifs(); // what came with an answer of ours makes the socket readable no more
            if (hears.heard()) boost::asio::post(home, heard);
            const auto now = clock::now();
            if (!rung) {
                alarm.wait(c->sock(), {});
            } else if (now < silent_until) {
                alarm.wait(c->sock(), silent_until - now);
            } else {
                rung = false; // whoever rings from here on is heard by the next
                send(*c);
                silent_until = clock::now() + silence;
            }
        }
    }

    void send(pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        if (clock::now() >= look_again) {
            others = value_of<bool>(query(tx, others_listen));
            look_again = clock::now() + known_for;
            if (!others) alone_until = look_again;
        }
        if (others) tx.exec(fmt::format("NOTIFY {}", bell_channel));
    }

    // Of the thread alone.
    clock::time_point look_again{};
    bool others = false;
};

node_bell::node_bell(std::string url, boost::asio::any_io_executor home, std::function<void()> heard)
    : state_{std::make_unique<state>(std::move(url), std::move(home), std::move(heard))} {}

node_bell::~node_bell() {
    stop();
    if (state_->thread.joinable()) state_->thread.join();
}

void node_bell::start() {
    state_->thread = std::thread{[s = state_.get()] { s->run(); }};
}

void node_bell::ring() {
    if (clock::now() < state_->alone_until.load(std::memory_order_relaxed)) return;
    if (!state_->rung.exchange(true)) state_->alarm.call();
}

void node_bell::stop() {
    state_->stopped = true;
    state_->alarm.call();
}

} // namespace switchboard::store
