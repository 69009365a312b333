#include <switchboard/desk/by_itself.hpp>
#include <switchboard/engine/from_rows.hpp>
#include <switchboard/routing/dispatcher.hpp>

#include "routing/decision_rows.hpp"
#include "routing/explain.hpp"
#include "routing/routing_state.hpp"

#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <iterator>

namespace switchboard::routing {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

constexpr auto sweep_interval = 1s;
constexpr auto check_interval = 60s;    // of all agents' loads
constexpr auto busy_interval = 50ms;    // until decisions are handed in again whose rows somebody held
constexpr std::size_t most_writes = 64; // a group commit of decisions (docs/routing.md 2.8)

struct lost_lease {};

/// What a decision speaks of; 0 = of no ticket.
ticket_id ticket_of(const decision& d) {
    return std::visit(
        []<class D>(const D& one) -> ticket_id {
            if constexpr (requires { one.ticket; })
                return one.ticket;
            else
                return 0;
        },
        d);
}

std::int64_t ms_since(clock::time_point then) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - then).count();
}

} // namespace

struct dispatcher::state : std::enable_shared_from_this<dispatcher::state> {
    asio::any_io_executor executor;
    store::routing& rows;
    dispatcher_options options;
    std::function<void()> bell;

    asio::steady_timer alarm;
    bool stopped = false;
    bool poked = false;
    bool listening = false; // holds the lease, or believes so
    dispatcher_figures figures;
    std::deque<event> inbox;
    std::shared_ptr<routing_state> led;      // while this node leads
    decisions busy;                          // whose ticket or agent somebody held, in their order
    clock::time_point busy_until{};          // when they are handed in again
    clock::time_point led_at = clock::now(); // when somebody was last known to lead

    state(asio::any_io_executor e, store::routing& r, dispatcher_options o, std::function<void()> b)
        : executor{e}, rows{r}, options{std::move(o)}, bell{std::move(b)}, alarm{e} {}

    void poke() {
        poked = true;
        alarm.cancel();
    }

    asio::awaitable<void> sleep_until(clock::time_point when) {
        if (poked || stopped) co_return;
        alarm.expires_at(when);
        boost::system::error_code woken;
        co_await alarm.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    // Taking over --------------------------------------------------------------------------------------------------

    /// The state is filled on the database's thread, while nobody else has it; that thread may outlive this coroutine.
    asio::awaitable<void> recover() {
        const auto started = clock::now();
        busy.clear(); // what was decided by a state before this one
        if (!co_await rows.keep_time(figures.epoch, true)) throw lost_lease{};
        const auto fresh = std::make_shared<routing_state>(options.engine);
        store::routing_reader reader;
        reader.people = [fresh](const auto& p) { fresh->know(p); };
        reader.configuration = [fresh](const auto& c) { fresh->take(c); };
        reader.held = [fresh](const auto& t) { fresh->take_held(t); };
        reader.waiting = [fresh](const auto& t) { fresh->take_waiting(t); };
        fresh->as_of = co_await rows.load(std::move(reader), options.time_zone);
        led = fresh;
        led->brain.start(led->moment(), led->out);
        log::info("routing_leads", {{"epoch", figures.epoch},
                                    {"waiting", led->waiting_taken()},
                                    {"held", led->held_taken()},
                                    {"ms", ms_since(started)}});
    }

    // Leading ------------------------------------------------------------------------------------------------------

    asio::awaitable<void> look_at_arrivals() {
        if (led->configuration_changed) led->configure(co_await rows.load_configuration());
        for (const auto& t : std::exchange(led->opened, {})) led->look_at(t);
        if (led->arrived.empty()) co_return;
        std::vector<std::int64_t> ids;
        for (const auto id : std::exchange(led->arrived, {}))
            if (!led->brain.offered_to(id)) ids.push_back(id); // the offer's own end will bring it back
        for (const auto& t : co_await rows.load_tickets(std::move(ids))) led->look_at(t);
    }

    asio::awaitable<void> begin_day() {
        led->brain.new_day(led->moment(), led->out);
        led->day_ends = (co_await rows.load_people(options.time_zone)).day_ends;
    }

    /// First what could not be written before. While something waits for those who hold its rows, nothing waits with
    /// it.
    asio::awaitable<void> commit_decisions() {
        if (!busy.empty() && clock::now() < busy_until && led->out.empty()) co_return;
        do {
            const bool may_wait = busy.empty();
            auto decided = std::exchange(busy, {});
            std::ranges::move(std::exchange(led->out, {}), std::back_inserter(decided));
            for (std::size_t i = 0; i < decided.size(); i += most_writes)
                co_await commit_group(
                    {decided.begin() + static_cast<std::ptrdiff_t>(i),
                     decided.begin() + static_cast<std::ptrdiff_t>(std::min(i + most_writes, decided.size()))},
                    may_wait);
            if (!busy.empty()) busy_until = clock::now() + busy_interval;
        } while (!led->out.empty() && busy.empty());
    }

    /// Whether an earlier decision about this ticket is still to be written.
    [[nodiscard]] bool behind_busy(const decision& d) const {
        const auto ticket = ticket_of(d);
        return ticket != 0 && std::ranges::find(busy, ticket, ticket_of) != busy.end();
    }

    asio::awaitable<void> commit_group(decisions group, bool may_wait) {
        std::vector<store::routing_write> writes;
        decisions written; // beside each write
        for (auto& d : group) {
            if (behind_busy(d)) {
                busy.push_back(std::move(d));
                continue;
            }
            const auto* closed = std::get_if<close_ticket>(&d);
            if (auto w = to_row(d, closed != nullptr ? led->opens_in_s(closed->queue) : std::nullopt)) {
                writes.push_back(std::move(*w));
                written.push_back(std::move(d));
            }
        }
        if (writes.empty()) co_return;
        const auto done = co_await rows.commit(figures.epoch, std::move(writes), may_wait);
        if (done.fenced) throw lost_lease{};
        bell();
        for (std::size_t i = 0; i < written.size(); ++i) {
            const auto* offered = std::get_if<make_offer>(&written[i]);
            if (done.busy[i]) {
                busy.push_back(written[i]);
            } else if (done.made_true[i]) {
                if (offered != nullptr) ++figures.offers;
            } else {
                ++figures.refused;
                if (offered != nullptr && !offered_again(written, i)) co_await take_back(*offered);
            }
        }
    }

    /// The engine means the later of two offers of a ticket to the same agent.
    static bool offered_again(const decisions& written, std::size_t i) {
        const auto& first = std::get<make_offer>(written[i]);
        return std::any_of(written.begin() + static_cast<std::ptrdiff_t>(i) + 1, written.end(), [&](const decision& d) {
            const auto* later = std::get_if<make_offer>(&d);
            return later != nullptr && later->ticket == first.ticket && later->agent == first.agent;
        });
    }

    asio::awaitable<void> take_back(make_offer refused) {
        std::vector<std::int64_t> just_this{refused.ticket};
        const auto ticket = co_await rows.load_tickets(std::move(just_this));
        const auto held = co_await rows.load_held(refused.agent);
        led->take_back(refused, ticket, held);
    }

    /// A load that leaks would keep work from its agent for good.
    asio::awaitable<void> check_loads() {
        for (const auto& m : co_await rows.mend_loads(figures.epoch)) {
            ++figures.loads_mended;
            log::error("load_mended", {{"agent", m.agent}, {"channel", m.channel}, {"was", m.was}, {"is", m.is}});
            led->correct(m.agent, co_await rows.load_held(m.agent));
        }
    }

    [[nodiscard]] clock::time_point next_event(clock::time_point latest) const {
        if (!busy.empty()) latest = std::min(latest, busy_until);
        const auto sooner = [&](std::optional<timestamp> at) {
            if (at) latest = std::min(latest, clock::now() + std::max<clock::duration>(*at - led->moment(), 0s));
        };
        sooner(led->brain.next_timer());
        sooner(led->next_hours_change());
        return latest;
    }

    asio::awaitable<void> lead() {
        const auto renewal =
            std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(options.lease_s / 3));
        auto renew_at = clock::now() + renewal;
        auto sweep_at = clock::now();
        auto check_at = clock::now();
        co_await recover();
        figures.leading = true;
        while (!stopped) {
            poked = false;
            if (!led->keep_time()) co_await recover(); // the engine knows no way back
            while (!inbox.empty()) {
                led->hear(inbox.front());
                inbox.pop_front();
            }
            co_await look_at_arrivals();
            led->keep_hours();
            led->brain.advance(led->moment(), led->out);
            if (led->moment() >= led->day_ends) co_await begin_day();
            co_await commit_decisions();
            if (clock::now() >= renew_at) {
                if (!co_await rows.renew_lease(figures.epoch, options.lease_s)) throw lost_lease{};
                led_at = clock::now();
                renew_at = led_at + renewal;
            }
            if (clock::now() >= sweep_at) {
                if (!co_await rows.keep_time(figures.epoch, false)) throw lost_lease{};
                const auto done = co_await rows.sweep(figures.epoch, desk::rules_of_the_clock(),
                                                      options.engine.min_licence_validity.count());
                if (done.wrapups + done.holds + done.callbacks + done.follow_ups > 0) bell();
                sweep_at = clock::now() + sweep_interval;
            }
            if (clock::now() >= check_at) {
                co_await check_loads();
                check_at = clock::now() + check_interval;
            }
            if (inbox.empty() && led->opened.empty() && led->arrived.empty() && led->out.empty())
                co_await sleep_until(next_event(std::min(renew_at, sweep_at)));
        }
    }

    asio::awaitable<void> give_up() {
        try {
            co_await rows.give_up_lease(figures.epoch);
        } catch (const std::exception& error) {
            log::warn("routing_keeps_the_lease", {{"error", error.what()}});
        }
    }

    asio::awaitable<void> run() {
        const auto self = shared_from_this();
        while (!stopped) {
            bool stumbled = false;
            try {
                const auto epoch = co_await rows.take_lease(options.holder, options.lease_s);
                led_at = clock::now(); // by us or, for as long as a lease lasts, by who has it
                if (epoch) {
                    figures.epoch = *epoch;
                    listening = true;
                    co_await lead();
                    co_await rows.give_up_lease(figures.epoch);
                }
            } catch (const lost_lease&) {
                log::warn("routing_lease_lost", {{"epoch", figures.epoch}});
            } catch (const std::exception& error) {
                log::error("routing_stumbled", {{"error", error.what()}});
                stumbled = true;
            }
            if (stumbled && listening) co_await give_up(); // or nobody would lead until the lease runs out
            figures.leading = listening = false;
            led.reset();
            inbox.clear();
            poked = false;
            co_await sleep_until(clock::now() + 500ms);
        }
    }
};

dispatcher::dispatcher(asio::any_io_executor executor, store::routing& rows, dispatcher_options options,
                       std::function<void()> bell)
    : state_{std::make_shared<state>(executor, rows, std::move(options), std::move(bell))} {}
dispatcher::~dispatcher() {
    stop();
}

asio::awaitable<void> dispatcher::run() {
    return state_->run();
}

asio::awaitable<std::optional<routing_explanation>> dispatcher::explain(std::int64_t ticket) {
    live_view live = [s = state_](ticket_id id) -> live_view::result_type {
        if (!s->figures.leading || !s->led) return std::nullopt;
        return std::pair{s->led->brain.explain(id, s->led->moment()), s->led->queues};
    };
    return routing::explain(state_->rows, ticket, std::move(live), state_->options.engine);
}

asio::awaitable<std::optional<std::vector<agent_standing>>> dispatcher::explain_agents(std::int64_t ticket) {
    return routing::explain_agents(state_->rows, ticket, state_->options.engine);
}

asio::awaitable<std::optional<queue_check>> dispatcher::check(std::int64_t queue,
                                                              std::optional<std::vector<std::int64_t>> members,
                                                              std::optional<std::vector<queue_step>> steps) {
    return routing::check(state_->rows, queue, std::move(members), std::move(steps), state_->options.engine);
}

void dispatcher::stop() {
    state_->stopped = true;
    state_->alarm.cancel();
}

void dispatcher::follow(std::span<const event> events) {
    if (!state_->listening) return; // a new leader loads the state that these led to
    state_->inbox.insert(state_->inbox.end(), events.begin(), events.end());
    state_->poke();
}

void dispatcher::waiting(const std::vector<routing_ticket>& opened, const std::vector<std::int64_t>& again) {
    if (!state_->led || (opened.empty() && again.empty())) return;
    auto& led = *state_->led;
    led.opened.insert(led.opened.end(), opened.begin(), opened.end());
    led.arrived.insert(again.begin(), again.end());
    state_->poke();
}

dispatcher_figures dispatcher::figures() const {
    auto f = state_->figures;
    f.leaderless = std::chrono::floor<std::chrono::seconds>(clock::now() - state_->led_at);
    return f;
}

} // namespace switchboard::routing
