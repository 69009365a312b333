#pragma once

#include <switchboard/routing/decisions.hpp>

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
    void start(timestamp now, decisions& out);
    void put(const queue_config& queue, timestamp now, decisions& out);
    void put(const agent_config& agent, timestamp now, decisions& out);
    void remove_queue(queue_id queue, timestamp now, decisions& out);
    void remove_agent(agent_id agent, timestamp now, decisions& out);
    bool presence(agent_id agent, channel_set accepts, timestamp now, decisions& out);
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

    enum class where : std::uint8_t { waiting, offered, active, parked };
    struct job {
        waiting_ticket ticket;
        where state = where::waiting;
        agent_id agent = 0;
        bool interruptible = false;
        std::int64_t age_seen = 0; // when its membership delays were last looked at
        timestamp expires;
        std::uint64_t stamp = 0, previous_stamp = 0;
        std::uint64_t taken = 0; // order in which its agent got it
    };
    struct person {
        agent_config config;
        channel_set accepts;
        int missed = 0;
        std::uint64_t stamp = 0;
        std::uint64_t joined = 0;
    };
    [[nodiscard]] const std::map<ticket_id, job>& jobs() const { return jobs_; }
    [[nodiscard]] const std::map<agent_id, person>& people() const { return people_; }
    [[nodiscard]] std::optional<timestamp> next_timer() const;

private:
    enum class alarm_kind : std::uint8_t { offer, cool, delay };
    struct alarm {
        timestamp at;
        std::uint64_t number;
        ticket_id ticket;
        alarm_kind kind;
    };
    using order = std::tuple<int, std::int64_t, ticket_id>;

    [[nodiscard]] order order_of(const job& j) const;
    [[nodiscard]] std::vector<const job*> items_of(agent_id a) const;
    [[nodiscard]] std::vector<ticket_id> in_order_taken(agent_id a) const;
    [[nodiscard]] bool has_room(const person& p, channel c) const;
    [[nodiscard]] bool skilled(const person& p, const job& j) const;
    [[nodiscard]] bool suited(const person& p, const job& j) const;
    [[nodiscard]] std::set<std::pair<licence_type_id, std::string>> licences_at(const person& p, timestamp t) const;
    [[nodiscard]] bool refused(const job& j, agent_id a) const;
    [[nodiscard]] bool reserve_allows(const person& p, const job& j) const;
    [[nodiscard]] bool can_take(const person& p, const job& j) const;
    [[nodiscard]] bool accepts(const person& p, channel c) const;
    [[nodiscard]] bool loaded(const person& p) const;
    [[nodiscard]] bool loads(channel c) const;
    [[nodiscard]] bool is_reserved(const job& j) const;
    [[nodiscard]] agent_id choose(const job& j, bool& known) const;

    void set_alarm(timestamp at, ticket_id t, alarm_kind kind) { alarms_.push_back({at, ++alarm_count_, t, kind}); }
    void place(job& j);
    void offer(job& j, agent_id a, bool known, trigger why, decisions& out);
    void place_and_mark(job& j, trigger why);
    void rematch(decisions& out);
    bool assign(const held_item& item, decisions& out);
    void settle(agent_id a, trigger why, decisions& out);
    void take(job& j, agent_id a, where state);
    void drop(job& j, bool keeps_place);
    [[nodiscard]] seconds cool_of(const job& j) const;
    void end(job& j, end_reason reason, decisions& out);
    void set_aside(job& j, agent_id a, timestamp until);
    void refuse(job& j, agent_id a, decisions& out);
    void missed(agent_id a, channel c, decisions& out);
    void end_impossible_offers(agent_id a, decisions& out);
    void begin(agent_id a, ticket_id t, decisions& out);
    void resume(agent_id a, decisions& out);
    bool decline(ticket_id t, agent_id a, std::int64_t version, bool was_missed, timestamp now, decisions& out);
    [[nodiscard]] std::map<queue_id, std::vector<seconds>> stages() const;
    void restage(const std::map<queue_id, std::vector<seconds>>& before);

    engine_settings settings_;
    bool started_ = false;
    timestamp now_, licences_seen_;
    std::map<queue_id, queue_config> queues_; // configured
    std::map<queue_id, queue_config> all_queues_;
    std::map<agent_id, person> people_;
    std::map<ticket_id, job> jobs_;
    std::list<alarm> alarms_;
    std::uint64_t alarm_count_ = 0, stamps_ = 0, taken_ = 0;
    std::map<ticket_id, trigger> marked_tickets_; // by the running event
    std::map<agent_id, trigger> marked_agents_;
    std::map<agent_id, std::uint64_t> first_seen_;
    std::vector<std::string> broken_;
};

} // namespace switchboard::routing
