#pragma once

#include <switchboard/engine/decisions.hpp>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace switchboard::routing {

/// The same rules as `engine`, written for plainness: no classes, no profiles, no heaps, no lists; every question is
/// answered by looking at every ticket and every agent. It also keeps an eye on what must never happen (`violations`).
class oracle {
public:
    explicit oracle(engine_settings settings) : settings_(settings) {}

    bool restore_held(const held_item& item);
    bool restore_offer(const waiting_ticket& ticket, agent_id agent, timestamp expires_at);
    bool restore_today(agent_id agent, std::uint32_t items);
    void start(timestamp now, decisions& out);
    void put(const queue_config& queue, timestamp now, decisions& out);
    void put(const agent_config& agent, timestamp now, decisions& out);
    void remove_queue(queue_id queue, timestamp now, decisions& out);
    void remove_agent(agent_id agent, timestamp now, decisions& out);
    bool presence(agent_id agent, channel_set accepts, timestamp now, decisions& out);
    bool shift(agent_id agent, std::optional<timestamp> end, timestamp now, decisions& out);
    void new_day(timestamp now, decisions& out);
    void waiting(const waiting_ticket& ticket, timestamp now, decisions& out);
    bool gone(ticket_id ticket, timestamp now, decisions& out);
    bool accepted(ticket_id ticket, agent_id agent, timestamp now, decisions& out);
    bool declined(ticket_id ticket, agent_id agent, std::int64_t version, timestamp now, decisions& out);
    bool timed_out(ticket_id ticket, agent_id agent, std::int64_t version, timestamp now, decisions& out);
    bool assigned(const held_item& item, timestamp now, decisions& out);
    bool released(ticket_id ticket, agent_id agent, timestamp now, decisions& out);
    void advance(timestamp now, decisions& out);
    void commit_failed(ticket_id ticket, agent_id agent, const std::optional<waiting_ticket>& fresh,
                       const std::optional<std::vector<held_item>>& held, timestamp now, decisions& out);

    /// Broken promises seen so far, and work conservation as of now.
    [[nodiscard]] std::vector<std::string> violations() const;

    /// A ticket's channel, and whether it is a message that a caller left.
    struct medium {
        channel on;
        bool message = false;
    };

    enum class where : std::uint8_t { scheduled, waiting, offered, active, parked, turned_away };
    /// An agent who has the ticket or an offer of it.
    struct hand {
        agent_id agent = 0;
        timestamp began{}, expires{};
        bool alone = true; // its queue did not fan out when it was offered
        std::uint64_t stamp = 0, previous_stamp = 0;
        std::uint64_t taken = 0; // order in which its agent got it
    };
    struct job {
        waiting_ticket ticket; // its queue and step are those of now
        where state = where::waiting;
        std::vector<hand> hands;
        agent_id holder = 0; // for whom alone it waits
        bool interruptible = false;
        bool arrived = false;
        std::int64_t age_seen = 0; // when its membership delays were last looked at

        [[nodiscard]] bool is_with(agent_id a) const {
            return std::ranges::find(hands, a, &hand::agent) != hands.end();
        }
    };
    struct person {
        agent_config config;
        channel_set accepts;
        int missed = 0;
        timestamp missed_at{};
        std::uint64_t stamp = 0;
        std::uint64_t joined = 0;
        std::optional<timestamp> shift_end;
        std::uint64_t last_offer = 0;
        std::uint32_t today = 0;
    };
    /// Nothing but their other work keeps these agents from it.
    [[nodiscard]] std::vector<agent_id> could_take(const job& j) const;
    [[nodiscard]] const std::map<ticket_id, job>& jobs() const { return jobs_; }
    [[nodiscard]] const std::map<agent_id, person>& people() const { return people_; }
    [[nodiscard]] std::optional<timestamp> next_timer() const;

private:
    enum class alarm_kind : std::uint8_t { offer, cool, delay, step, hold, callback };
    struct alarm {
        timestamp at;
        std::uint64_t number;
        ticket_id ticket;
        alarm_kind kind;
    };
    using order = std::tuple<int, std::int64_t, ticket_id>;

    [[nodiscard]] queue_config queue_of(const job& j) const;
    [[nodiscard]] waiting_ticket relaxed(const job& j) const;
    [[nodiscard]] std::vector<queue_id> asked_queues(const job& j) const; // its own, then those added by steps
    [[nodiscard]] bool takes_now(queue_id q, medium c) const;
    [[nodiscard]] order order_of(const job& j) const;
    [[nodiscard]] std::vector<const job*> items_of(agent_id a) const;
    [[nodiscard]] std::vector<ticket_id> in_order_taken(agent_id a) const;
    [[nodiscard]] bool another_rings(const person& p) const;
    [[nodiscard]] bool has_room(const person& p, medium c) const;
    [[nodiscard]] std::optional<int> rank_of(const person& p, const job& j) const;
    [[nodiscard]] std::uint64_t score_of(const person& p, const job& j) const;
    [[nodiscard]] bool skilled(const person& p, const job& j) const;
    [[nodiscard]] bool suited(const person& p, const job& j) const;
    [[nodiscard]] std::set<std::pair<licence_type_id, std::string>> licences_at(const person& p, timestamp t) const;
    [[nodiscard]] bool refused(const job& j, agent_id a) const;
    [[nodiscard]] bool reserve_allows(const person& p, const job& j) const;
    [[nodiscard]] bool can_take(const person& p, const job& j) const;
    [[nodiscard]] bool may_hold(agent_id a, const job& j) const;
    [[nodiscard]] bool accepts(const person& p, medium c) const;
    [[nodiscard]] bool loaded(const person& p) const;
    [[nodiscard]] bool loads(medium c) const;
    [[nodiscard]] bool is_reserved(const job& j) const;
    [[nodiscard]] agent_id choose(const job& j, bool& known) const;
    [[nodiscard]] job* next_for(agent_id a);
    [[nodiscard]] std::size_t waiting_in(queue_id q) const;
    [[nodiscard]] std::size_t waiting_in_all() const;

    void set_alarm(timestamp at, ticket_id t, alarm_kind kind) { alarms_.push_back({at, ++alarm_count_, t, kind}); }
    [[nodiscard]] timestamp since(const job& j) const;
    void place(job& j);
    void offer(job& j, agent_id a, bool known, trigger why, decisions& out);
    void offer_one(job& j, agent_id a, bool known, int sibling, trigger why, decisions& out);
    void place_and_mark(job& j, trigger why, decisions& out);
    [[nodiscard]] std::optional<timestamp> next_step(const job& j) const;
    void take_step(job& j, step_cause why, decisions& out);
    bool take_due_steps(job& j, decisions& out);
    [[nodiscard]] bool skips_wait(const job& j) const;
    [[nodiscard]] bool is_shut(const job& j) const;
    [[nodiscard]] bool may_overflow(const job& j, queue_id to) const;
    void overflow(job& j, queue_id to, overflow_reason why, decisions& out);
    bool turn_away(ticket_id t, decisions& out);
    void rematch(decisions& out);
    bool assign(const held_item& item, decisions& out);
    void settle(agent_id a, trigger why, decisions& out);
    void take(job& j, agent_id a, where state);
    void drop(job& j, agent_id a, bool keeps_place);
    void forget(ticket_id t, end_reason reason, decisions& out);
    [[nodiscard]] seconds cool_of(const job& j) const { return queue_of(j).cool; }
    bool end(job& j, agent_id a, end_reason reason, decisions& out); // true if it was the last offer
    void set_aside(job& j, const refusal& by);
    void enter(job& j, const waiting_ticket& t);
    void refuse(job& j, agent_id a, bool said_no, decisions& out);
    void missed(agent_id a, const job& j, timestamp began, decisions& out);
    void end_impossible_offers(agent_id a, decisions& out);
    void begin(agent_id a, ticket_id t, decisions& out);
    void resume(agent_id a, decisions& out);
    bool decline(ticket_id t, agent_id a, std::int64_t version, bool was_missed, timestamp now, decisions& out);
    [[nodiscard]] std::map<queue_id, std::vector<seconds>> stages() const;
    void restage(const std::map<queue_id, std::vector<seconds>>& before, decisions& out);
    void replace(job& j, decisions& out);

    engine_settings settings_;
    bool started_ = false;
    timestamp now_, licences_seen_;
    std::map<queue_id, queue_config> queues_; // configured
    std::map<queue_id, queue_config> all_queues_;
    std::map<agent_id, person> people_;
    std::map<ticket_id, job> jobs_;
    std::list<alarm> alarms_;
    std::uint64_t alarm_count_ = 0, stamps_ = 0, taken_ = 0, offers_ = 0;
    std::map<ticket_id, trigger> marked_tickets_; // by the running event
    std::map<agent_id, trigger> marked_agents_;
    std::map<agent_id, std::uint64_t> first_seen_;
    std::map<std::pair<ticket_id, agent_id>, timestamp> said_no_; // and until when he is left alone
    std::vector<std::string> broken_;
};

} // namespace switchboard::routing
