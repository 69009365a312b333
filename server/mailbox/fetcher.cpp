#include <switchboard/mailbox/fetcher.hpp>

#include "mailbox/session.hpp"

#include <switchboard/store/mailbox_states.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/offload.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>

namespace switchboard::imap {

namespace asio = boost::asio;

namespace {

using steady = std::chrono::steady_clock;

// Past it a mail is quarantined whatever is in it, and the excess is enough to know that.
constexpr std::size_t most_mail_bytes = 50u << 20;
constexpr std::chrono::seconds claim_for{90};     // how long a mailbox waits for another node when one has died
constexpr std::chrono::seconds between_marks{20}; // well within the claim
constexpr int mails_between_marks = 20;           // what is fetched again after a crash, and found to be known
// Attempts at one mail, after which those behind it have their turn.
constexpr int times_refused = 3;
constexpr int times_broken = 10; // it may be the line
constexpr std::size_t jobs_at_once = 1000;

std::string place_of(const imap_settings& imap) {
    return fmt::format("{}@{}:{}/{}", imap.user, imap.host, imap.port, imap.folder);
}

/// Throws `broken` where the environment has not what the settings name.
std::string password_of(const imap_settings& imap) {
    const auto& password = imap.password.reveal();
    if (!password.starts_with("env:")) return password;
    const auto name = password.substr(4);
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) throw broken{"the variable " + name + " is not set"};
    return value;
}

} // namespace

struct fetcher::state : std::enable_shared_from_this<fetcher::state> {
    state(asio::any_io_executor e, store::mailbox_states& s, gateways g, take t, fetcher_options o)
        : executor{std::move(e)}, places{s}, all{std::move(g)}, into{std::move(t)}, options{std::move(o)},
          threads{options.threads, jobs_at_once}, bell{executor, steady::time_point::max()} {}

    using session_ptr = std::shared_ptr<session>;

    /// One look at one mailbox.
    struct round {
        intake::intake_gateway gateway;
        session_ptr mailbox;
        store::mailbox_state place;
        bool marked = true; // `place` is in the database
        int since_mark = 0;
        steady::time_point marked_at = steady::now();
        std::string trouble; // that stops nothing
    };

    asio::awaitable<void> run();
    asio::awaitable<void> watch(std::int64_t id);
    asio::awaitable<std::string> look(intake::intake_gateway gateway);
    asio::awaitable<void> fetch_all(round& r);
    asio::awaitable<void> fetch_one(round& r, std::int64_t uid);
    asio::awaitable<void> pass_over(round& r, std::int64_t uid, const std::string& problem) const;
    asio::awaitable<void> keep(const round& r, std::int64_t uid, std::string mail) const;
    asio::awaitable<bool> mark(round& r);
    std::optional<intake::intake_gateway> gateway(std::int64_t id) const;
    bool gives_up(std::int64_t id, std::int64_t uid, int patience);
    std::chrono::milliseconds pause_after(int failures) const;

    asio::any_io_executor executor;
    store::mailbox_states& places;
    gateways all;
    take into;
    const fetcher_options options;
    fetcher_figures figures;

    std::atomic<bool> stopped = false;                                   // read by the threads too
    offload_pool threads;                                                // IMAP blocks
    asio::steady_timer bell;                                             // cancelled when there is something to do
    std::map<std::int64_t, std::shared_ptr<asio::steady_timer>> watched; // by gateway: cancelled when it is to look now
    std::map<std::pair<std::int64_t, std::int64_t>, int> failures_of;    // gateway, UID
    std::uint64_t wakes = 0;
};

std::optional<intake::intake_gateway> fetcher::state::gateway(std::int64_t id) const {
    const auto config = all();
    if (!config || stopped) return std::nullopt;
    const auto found = config->gateways.find(id);
    if (found == config->gateways.end() || !found->second.enabled || found->second.settings.imap.host.empty())
        return std::nullopt;
    return found->second;
}

std::chrono::milliseconds fetcher::state::pause_after(int failures) const {
    auto out = options.first_pause;
    for (int i = 1; i < failures && out < options.longest_pause; ++i) out *= 2;
    return std::min(out, options.longest_pause);
}

asio::awaitable<void> fetcher::state::run() {
    const auto self = shared_from_this();
    boost::system::error_code rung;
    while (!stopped || !watched.empty()) {
        if (const auto config = all(); config && !stopped)
            for (const auto& [id, any] : config->gateways) {
                if (any.kind != "email" || !gateway(id) || watched.contains(id)) continue;
                watched.emplace(id, std::make_shared<asio::steady_timer>(executor));
                asio::co_spawn(executor, watch(id), [self, id](const std::exception_ptr& fault) {
                    if (fault) log::error("mailbox_unwatched", {{"gateway", id}});
                    self->watched.erase(id);
                    self->bell.cancel();
                });
            }
        bell.expires_at(steady::time_point::max());
        co_await bell.async_wait(asio::redirect_error(asio::use_awaitable, rung));
    }
}

asio::awaitable<void> fetcher::state::watch(std::int64_t id) {
    const auto self = shared_from_this();
    const auto timer = watched.at(id);
    int failures = 0;
    while (auto g = gateway(id)) {
        const auto fetched = figures.fetched, known_wakes = wakes;
        const std::chrono::seconds poll{g->settings.imap.poll_s};
        const auto name = g->name;
        const auto error = co_await look(std::move(*g));
        if (stopped) co_return;
        std::chrono::milliseconds pause = poll;
        if (error.empty()) {
            failures = 0;
        } else {
            if (figures.fetched > fetched) failures = 0; // it got on
            ++figures.failed_rounds;
            pause = pause_after(++failures);
            log::warn("mailbox_not_fetched", {{"gateway", name}, {"reason", error}, {"again_in_ms", pause.count()}});
        }
        if (wakes != known_wakes) continue; // while we looked
        boost::system::error_code woken;
        timer->expires_after(pause);
        co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

/// What went wrong; empty = nothing.
asio::awaitable<std::string> fetcher::state::look(intake::intake_gateway g) {
    const auto id = g.id;
    round r;
    r.gateway = std::move(g);
    std::string error;
    bool ours = false;
    try {
        auto place = co_await places.claim(id, options.node, claim_for);
        if (!place) co_return error; // another node has it
        ours = true;
        r.place = std::move(*place);
        co_await fetch_all(r);
        error = r.trouble;
    } catch (const std::exception& e) {
        error = e.what();
    }
    try {
        if (!r.marked) co_await mark(r);
        if (r.mailbox) { // its farewell blocks too
            auto job = [last = std::exchange(r.mailbox, {})]() mutable { last.reset(); };
            co_await offload(threads, std::move(job));
        }
        if (ours) co_await places.release(id, options.node, error);
    } catch (const std::exception& e) {
        if (error.empty()) error = e.what();
    }
    co_return error;
}

asio::awaitable<void> fetcher::state::fetch_all(round& r) {
    const auto imap = r.gateway.settings.imap;
    auto open = [this, imap, password = password_of(imap)]() -> session_ptr {
        return std::make_shared<session>(imap, password, options.timeout, most_mail_bytes, stopped);
    };
    r.mailbox = co_await offload(threads, std::move(open));
    if (r.place.place != place_of(imap) || r.place.uidvalidity != r.mailbox->uidvalidity()) {
        r.place = {place_of(imap), r.mailbox->uidvalidity(),
                   0}; // other numbers: all of it is looked at, intake knows what it has
        r.marked = false;
    }
    auto list = [mailbox = r.mailbox, last = r.place.last_uid] { return mailbox->uids_after(last); };
    const auto uids = co_await offload(threads, std::move(list));
    for (const auto uid : uids) {
        if (stopped) co_return;
        co_await fetch_one(r, uid);
        r.place.last_uid = uid;
        r.marked = false;
        if (++r.since_mark < mails_between_marks && steady::now() - r.marked_at < between_marks) continue;
        if (!co_await mark(r)) throw broken{"another node has taken the mailbox over"};
    }
}

/// Fetched, committed, settled: in this order, so that whatever breaks leaves a mail to be fetched again.
asio::awaitable<void> fetcher::state::fetch_one(round& r, std::int64_t uid) {
    std::optional<std::string> mail;
    std::string problem;
    int patience = 0;
    try {
        auto job = [mailbox = r.mailbox, uid] { return mailbox->fetch(uid); };
        mail = co_await offload(threads, std::move(job));
    } catch (const refused& e) {
        problem = e.what();
        patience = times_refused;
    } catch (const broken& e) {
        problem = e.what();
        patience = times_broken;
    }
    if (patience > 0) {
        if (stopped || !gives_up(r.gateway.id, uid, patience)) throw broken{problem};
        co_await pass_over(r, uid, problem);
        if (patience == times_broken) throw broken{problem}; // behind it things go on, on another connection
        co_return;
    }
    if (!mail) co_return; // somebody has deleted it since
    co_await keep(r, uid, std::move(*mail));
    ++figures.fetched;
    try {
        auto job = [mailbox = r.mailbox, uid, after = r.gateway.settings.imap.after] { mailbox->settle(uid, after); };
        co_await offload(threads, std::move(job));
    } catch (const refused& e) {
        r.trouble = fmt::format("mails are kept, and stay as they are in their mailbox: {}", e.what());
    }
}

/// A mail that cannot be had stands in the way of all behind it: it stays where it is, and a note in quarantine tells
/// people of it.
asio::awaitable<void> fetcher::state::pass_over(round& r, std::int64_t uid, const std::string& problem) const {
    r.trouble = fmt::format("mail {} cannot be read: {}", uid, problem);
    co_await keep(r, uid, fmt::format("The mail server does not give mail {} of {}", uid, r.place.place));
    r.place.last_uid = uid;
    r.marked = false;
}

asio::awaitable<void> fetcher::state::keep(const round& r, std::int64_t uid, std::string mail) const {
    http::request request;
    request.headers = {{"content-type", "message/rfc822"},
                       {"x-imap-uid", fmt::format("{}.{}", r.place.uidvalidity, uid)}};
    request.body = std::move(mail);
    request.remote = r.gateway.settings.imap.host;
    co_await into(r.gateway, std::move(request));
}

bool fetcher::state::gives_up(std::int64_t id, std::int64_t uid, int patience) {
    auto& times = failures_of[{id, uid}];
    if (++times < patience) return false;
    failures_of.erase({id, uid});
    return true;
}

asio::awaitable<bool> fetcher::state::mark(round& r) {
    r.since_mark = 0;
    r.marked_at = steady::now();
    r.marked = co_await places.advance(r.gateway.id, options.node, r.place, claim_for);
    co_return r.marked;
}

fetcher::fetcher(asio::any_io_executor executor, store::mailbox_states& states, gateways all, take into,
                 fetcher_options options)
    : state_{
          std::make_shared<state>(std::move(executor), states, std::move(all), std::move(into), std::move(options))} {}
fetcher::~fetcher() {
    stop();
}

asio::awaitable<void> fetcher::run() {
    return state_->run();
}

void fetcher::stop() {
    state_->stopped = true;
    wake();
}

void fetcher::wake() {
    ++state_->wakes;
    for (const auto& [id, timer] : state_->watched) timer->cancel();
    state_->bell.cancel();
}

fetcher_figures fetcher::figures() const {
    return state_->figures;
}

} // namespace switchboard::imap
