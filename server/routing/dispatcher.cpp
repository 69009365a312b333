#include <switchboard/routing/dispatcher.hpp>

#include "routing/tell.hpp"
#include "routing/translate.hpp"

#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <set>

namespace switchboard::routing {

namespace asio = boost::asio;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto sweep_interval = 1s;
constexpr std::size_t most_writes = 64; // a group commit of decisions (ROUTING.md 2.8)

struct lost_lease {};

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
    std::set<std::int64_t> arrived; // tickets to look at
    bool configuration_changed = false;

    std::optional<engine> brain;
    cursor as_of;
    timestamp day_ends;
    std::map<queue_id, bool> interruptible;
    std::vector<store::routing_queue> known_queues; // as the engine was told
    std::map<agent_id, std::shared_ptr<const service::business_hours>> shifts;
    timestamp hours_told{};                // the engine was told who is open as of then
    std::optional<timestamp> hours_change; // and this is no longer true from then on
    decisions out;

    state(asio::any_io_executor e, store::routing& r, dispatcher_options o, std::function<void()> b)
        : executor{e}, rows{r}, options{std::move(o)}, bell{std::move(b)}, alarm{e} {}

    void poke() {
        poked = true;
        alarm.cancel();
    }

    asio::awaitable<void> sleep_until(std::chrono::steady_clock::time_point when) {
        if (poked || stopped) co_return;
        alarm.expires_at(when);
        boost::system::error_code woken;
        co_await alarm.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    // Leading ------------------------------------------------------------------------------------------------------

    /// An engine under construction: on the database's thread, while nobody else has it.
    struct nursery {
        engine brain;
        std::map<queue_id, bool> interruptible;
        decisions out;
        std::vector<store::routing_queue> queues;
        store::routing_people people;
        decltype(state::shifts) shifts;
        timestamp configured_at{};
        std::size_t waiting = 0, held = 0;

        /// Who has been idle for longest comes first, so that the engine's order is the one of the leader before.
        void take(store::routing_configuration c) {
            std::map<agent_id, timestamp> since;
            for (const auto& a : people.agents) since[a.id] = a.idle_since;
            std::ranges::sort(c.agents, {},
                              [&](const store::routing_agent& a) { return std::pair{since[a.id], a.id}; });
            configured_at = now();
            configure(brain, interruptible, shifts, c, configured_at, out);
            for (const auto& a : people.agents) brain.restore_today(a.id, static_cast<std::uint32_t>(a.today));
            queues = std::move(c.queues);
        }
        void take_held(const store::routing_ticket& t) {
            if (const auto item = to_held(t, interruptible[t.queue])) held += brain.restore_held(*item) ? 1 : 0;
        }
        void take_waiting(const store::routing_ticket& t) {
            const auto w = to_engine(t);
            if (!w) return;
            ++waiting;
            const bool restored = t.offer_agent && brain.restore_offer(*w, *t.offer_agent, t.offer_expires_at);
            if (!restored && !brain.offered_to(w->id)) brain.waiting(*w, now(), out); // fan-out: others may have it
        }
    };

    static void configure(engine& brain, std::map<queue_id, bool>& interruptible, decltype(state::shifts)& shifts,
                          const store::routing_configuration& c, timestamp t, decisions& out) {
        for (const auto& q : c.queues) {
            interruptible[q.id] = q.interruptible;
            if (const auto put = brain.put(to_engine(q, t), t, out); !put)
                log::error("queue_refused",
                           {{"queue", q.id}, {"field", put.error().field}, {"error", put.error().message}});
        }
        const auto before = std::exchange(shifts, {});
        for (const auto& a : c.agents) {
            if (a.hours) shifts[a.id] = a.hours;
            if (const auto put = brain.put(to_engine(a), t, out); !put) {
                log::error("agent_refused",
                           {{"agent", a.id}, {"field", put.error().field}, {"error", put.error().message}});
                continue;
            }
            brain.presence(a.id, accepted_channels(a), t, out);
            if (a.hours)
                brain.shift(a.id, shift_end(*a.hours, t), t, out);
            else if (before.contains(a.id))
                brain.shift(a.id, std::nullopt, t, out);
        }
    }

    asio::awaitable<void> recover() {
        const auto started = std::chrono::steady_clock::now();
        const auto built = std::make_shared<nursery>();
        store::routing_reader reader;
        reader.people = [built](const auto& p) { built->people = p; };
        reader.configuration = [built](const auto& c) { built->take(c); };
        reader.held = [built](const auto& t) { built->take_held(t); };
        reader.waiting = [built](const auto& t) { built->take_waiting(t); };
        as_of = co_await rows.load(std::move(reader), options.time_zone);
        brain.emplace(std::move(built->brain));
        interruptible = std::move(built->interruptible);
        known_queues = std::move(built->queues);
        day_ends = built->people.day_ends;
        shifts = std::move(built->shifts);
        note_hours(built->configured_at);
        out = std::move(built->out);
        brain->start(now(), out);
        log::info(
            "routing_leads",
            {{"epoch", figures.epoch},
             {"waiting", built->waiting},
             {"held", built->held},
             {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
                        .count()}});
    }

    // What the log says ----------------------------------------------------------------------------------------------

    void hear(const event& e) {
        if (e.place < as_of) return; // the state was loaded after it
        const auto t = now();
        if (e.type == "config.changed")
            configuration_changed = true;
        else if (e.type == "presence.changed")
            hear_presence(json::parse(e.data).at("presence"), t);
        else if (!e.ticket_id)
            return;
        else if (e.type == "offer.accepted")
            hear_accepted(*e.ticket_id, json::parse(e.data), t);
        else if (e.type == "offer.declined")
            hear_declined(*e.ticket_id, json::parse(e.data), t);
        else if (e.type == "ticket.changed")
            hear_change(*e.ticket_id, json::parse(e.data), t);
        else if (e.type == "contact.received" && !came_already(e))
            hear_contact(*e.ticket_id, json::parse(e.data));
    }

    void hear_declined(ticket_id ticket, const json& data, timestamp t) {
        brain->declined(ticket, data.at("agent_id"), data.at("ticket").at("version"), t, out);
    }

    void hear_change(ticket_id ticket, const json& data, timestamp t) {
        if (const auto& agent = data.at("released"); !agent.is_null()) brain->released(ticket, agent, t, out);
        const std::string now_is = data.at("ticket").at("state");
        if (now_is == "held" || now_is == "solved")
            brain->gone(ticket, t, out);
        else if (now_is == "waiting")
            arrived.insert(ticket);
    }

    void hear_contact(ticket_id ticket, const json& data) {
        if (data.at("ticket").is_object() && data.at("ticket").at("state") == "waiting") arrived.insert(ticket);
    }

    /// A new ticket comes twice: at once from our own intake, and by the log, which is the only way from another node.
    /// In a flood reading each of them again would be a fifth of this thread's work, so its text alone is asked.
    bool came_already(const event& e) const {
        return e.data.contains(R"("new_ticket":true)") &&
               (arrived.contains(*e.ticket_id) || brain->is_waiting(*e.ticket_id) || brain->offered_to(*e.ticket_id));
    }

    void hear_presence(const json& p, timestamp t) {
        channel_set accepts;
        if (p.at("state") == "ready")
            for (const auto& name : p.at("channels"))
                if (const auto known = parse_channel(name.get<std::string>())) accepts.insert(*known);
        brain->presence(p.at("agent_id"), accepts, t, out);
    }

    void hear_accepted(ticket_id ticket, const json& data, timestamp t) {
        const agent_id agent = data.at("agent_id");
        if (brain->accepted(ticket, agent, t, out)) return;
        // The offer had ended here, but the acceptance came before that was committed: what is committed counts.
        hold(ticket, agent, data.at("ticket"), t);
    }

    void hold(ticket_id ticket, agent_id agent, const json& now_is, timestamp t) {
        const queue_id queue = now_is.at("queue").at("id");
        if (const auto known = parse_channel(now_is.at("channel").get<std::string>()))
            brain->assigned({ticket, agent, queue, *known, interruptible[queue], false}, t, out);
    }

    asio::awaitable<void> look_at_arrivals() {
        if (configuration_changed) {
            configuration_changed = false;
            auto fresh = co_await rows.load_configuration();
            const auto t = now();
            configure(*brain, interruptible, shifts, fresh, t, out);
            known_queues = std::move(fresh.queues);
            note_hours(t);
        }
        if (arrived.empty()) co_return;
        std::vector<std::int64_t> ids;
        for (const auto id : std::exchange(arrived, {}))
            if (!brain->offered_to(id)) ids.push_back(id); // the offer's own end will bring it back
        for (const auto& t : co_await rows.load_tickets(std::move(ids))) {
            if (t.state != "waiting") continue;
            if (const auto w = to_engine(t)) brain->waiting(*w, now(), out);
        }
    }

    asio::awaitable<void> begin_day() {
        brain->new_day(now(), out);
        day_ends = (co_await rows.load_people(options.time_zone)).day_ends;
    }

    // Opening hours ------------------------------------------------------------------------------------------------

    void note_hours(timestamp t) {
        hours_told = t;
        hours_change.reset();
        const auto also = [&](const service::business_hours& hours) {
            const auto change = hours.next_change(t);
            if (change && (!hours_change || *change < *hours_change)) hours_change = change;
        };
        for (const auto& q : known_queues)
            if (q.active && q.hours) also(*q.hours);
        const service::business_hours* last = nullptr; // many work by the same
        for (const auto& [agent, hours] : shifts)
            if (std::exchange(last, hours.get()) != hours.get()) also(*hours);
    }

    /// Tells the engine which queues have opened or closed since it was told, and whose shifts.
    void keep_hours() {
        const auto t = now();
        if (!hours_change || t < *hours_change) return;
        for (const auto& q : known_queues) {
            if (!q.active || !q.hours || q.hours->open_at(t) == q.hours->open_at(hours_told)) continue;
            (void)brain->put(to_engine(q, t), t, out); // what it refuses was told when it was configured
            log::info(q.hours->open_at(t) ? "queue_opens" : "queue_closes", {{"queue", q.id}});
        }
        for (const auto& [agent, hours] : shifts)
            if (hours->open_at(t) != hours->open_at(hours_told)) brain->shift(agent, shift_end(*hours, t), t, out);
        note_hours(t);
    }

    /// Of a queue that its hours have closed: how long that lasts.
    [[nodiscard]] std::optional<double> opens_in_s(queue_id id) const {
        const auto q = std::ranges::find(known_queues, id, &store::routing_queue::id);
        if (q == known_queues.end() || !q->active || !q->hours) return std::nullopt;
        const auto t = now();
        const auto opens = q->hours->open_at(t) ? std::nullopt : q->hours->next_change(t);
        if (!opens) return std::nullopt;
        return std::chrono::duration<double>(*opens - t).count();
    }

    // What the engine decides ----------------------------------------------------------------------------------------

    asio::awaitable<void> commit_decisions() {
        while (!out.empty()) {
            auto decided = std::exchange(out, {});
            for (std::size_t i = 0; i < decided.size(); i += most_writes)
                co_await commit_group(
                    {decided.begin() + static_cast<std::ptrdiff_t>(i),
                     decided.begin() + static_cast<std::ptrdiff_t>(std::min(i + most_writes, decided.size()))});
        }
    }

    asio::awaitable<void> commit_group(decisions group) {
        std::vector<store::routing_write> writes;
        std::vector<const make_offer*> offered; // beside each write; null = it is no offer
        for (const auto& d : group) {
            const auto* closed = std::get_if<close_ticket>(&d);
            if (auto w = to_row(d, closed != nullptr ? opens_in_s(closed->queue) : std::nullopt)) {
                writes.push_back(std::move(*w));
                offered.push_back(std::get_if<make_offer>(&d));
            }
        }
        if (writes.empty()) co_return;
        const auto done = co_await rows.commit(figures.epoch, std::move(writes));
        if (done.fenced) throw lost_lease{};
        bell();
        for (std::size_t i = 0; i < offered.size(); ++i) {
            if (done.made_true[i]) {
                if (offered[i] != nullptr) ++figures.offers;
                continue;
            }
            ++figures.refused;
            if (offered[i] != nullptr) co_await take_back(*offered[i]);
        }
    }

    asio::awaitable<void> take_back(make_offer d) {
        std::vector<std::int64_t> just_this{d.ticket};
        const auto fresh = co_await rows.load_tickets(std::move(just_this));
        std::optional<waiting_ticket> still;
        if (!fresh.empty() && fresh[0].state == "waiting") still = to_engine(fresh[0]);
        std::vector<held_item> held;
        for (const auto& row : co_await rows.load_held(d.agent))
            if (const auto item = to_held(row, interruptible[row.queue])) held.push_back(*item);
        brain->commit_failed(d.ticket, d.agent, still, held, now(), out);
    }

    // The day of a leader
    // --------------------------------------------------------------------------------------------------

    asio::awaitable<void> lead() {
        using clock = std::chrono::steady_clock;
        const auto renewal =
            std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(options.lease_s / 3));
        auto renew_at = clock::now() + renewal;
        auto sweep_at = clock::now();
        co_await recover();
        figures.leading = true;
        while (!stopped) {
            poked = false;
            while (!inbox.empty()) {
                hear(inbox.front());
                inbox.pop_front();
            }
            co_await look_at_arrivals();
            keep_hours();
            brain->advance(now(), out);
            if (now() >= day_ends) co_await begin_day();
            co_await commit_decisions();
            if (clock::now() >= renew_at) {
                if (!co_await rows.renew_lease(figures.epoch, options.lease_s)) throw lost_lease{};
                renew_at = clock::now() + renewal;
            }
            if (clock::now() >= sweep_at) {
                const auto done = co_await rows.sweep(figures.epoch);
                if (done.wrapups + done.holds > 0) bell();
                sweep_at = clock::now() + sweep_interval;
            }
            auto wake_at = std::min(renew_at, sweep_at);
            if (const auto timer = brain->next_timer())
                wake_at = std::min(wake_at, clock::now() + std::max<clock::duration>(*timer - now(), 0s));
            if (hours_change)
                wake_at = std::min(wake_at, clock::now() + std::max<clock::duration>(*hours_change - now(), 0s));
            if (inbox.empty() && arrived.empty() && out.empty()) co_await sleep_until(wake_at);
        }
    }

    asio::awaitable<void> run() {
        const auto self = shared_from_this();
        while (!stopped) {
            try {
                if (const auto epoch = co_await rows.take_lease(options.holder, options.lease_s)) {
                    figures.epoch = *epoch;
                    listening = true;
                    co_await lead();
                    co_await rows.give_up_lease(figures.epoch);
                }
            } catch (const lost_lease&) {
                log::warn("routing_lease_lost", {{"epoch", figures.epoch}});
            } catch (const std::exception& error) {
                log::error("routing_stumbled", {{"error", error.what()}});
            }
            figures.leading = listening = false;
            brain.reset();
            inbox.clear();
            arrived.clear();
            out.clear();
            poked = false;
            co_await sleep_until(std::chrono::steady_clock::now() + 500ms);
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

asio::awaitable<std::optional<routing_story>> dispatcher::tell(std::int64_t ticket) {
    live_view live = [s = state_](ticket_id id) -> live_view::result_type {
        if (!s->figures.leading || !s->brain) return std::nullopt;
        return std::pair{s->brain->explain(id, now()), s->known_queues};
    };
    return routing::tell(state_->rows, ticket, std::move(live));
}

asio::awaitable<std::optional<queue_check>> dispatcher::check(std::int64_t queue,
                                                              std::optional<std::vector<std::int64_t>> members,
                                                              std::optional<std::vector<queue_step>> steps) {
    return routing::check(state_->rows, queue, std::move(members), to_rows(steps));
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

void dispatcher::waiting(const std::vector<std::int64_t>& tickets) {
    if (!state_->brain) return;
    state_->arrived.insert(tickets.begin(), tickets.end());
    state_->poke();
}

dispatcher_figures dispatcher::figures() const {
    auto f = state_->figures;
    f.backlog = state_->inbox.size();
    return f;
}

} // namespace switchboard::routing
