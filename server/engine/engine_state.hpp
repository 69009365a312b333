#pragma once

#include <switchboard/engine/decisions.hpp>
#include <switchboard/engine/explanation.hpp>
#include <switchboard/engine/types.hpp>

#include "engine/agents.hpp"
#include "engine/eligibility.hpp"
#include "engine/idle_lists.hpp"
#include "engine/queues.hpp"
#include "engine/ranked_lists.hpp"
#include "engine/timers.hpp"
#include "engine/waiting_room.hpp"

#include <deque>
#include <unordered_map>

namespace switchboard::routing {

/// What the engine knows, and its inner moves. An event first makes its moves, which change places and capacity and
/// mark whom that concerns; then one `rematch` makes all offers that have become possible. So what happens at one
/// moment is matched in order, however many timers and tickets it touches.
struct engine_state {
    explicit engine_state(engine_settings s) : settings(s), classes(s.max_idle_classes), room(tickets) {}
    engine_state(const engine_state&) = delete; // room refers to tickets
    engine_state& operator=(const engine_state&) = delete;

    engine_settings settings;
    bool started = false;
    timestamp now;

    ticket_store tickets;
    class_table classes;
    profile_table profiles;
    eligibility eligible;
    waiting_room room;
    idle_lists idle;
    std::deque<agent_record> agents;
    std::unordered_map<agent_id, index_t> agent_numbers;
    std::deque<queue_record> queues;
    std::unordered_map<queue_id, index_t> queue_numbers;
    timer_queue timers, agent_timers, queue_timers;
    std::uint64_t stamps = 0; // the idle order's counter

    struct class_facts {
        index_t queue = nobody;
        routing::channel channel = channel::email; // its lane
        bool reserved = false;                     // its queue keeps a reserve and its channel can wait
        bool by_ratio = false;                     // its queue's order is fqr
        std::uint8_t step = 0;
        std::int64_t delay_passed = 0;
    };
    std::vector<class_facts> facts; // by class
    std::vector<demand> demands;    // by class
    std::size_t reserved_classes = 0;

    /// How often tickets of a class find an agent.
    struct service_starts {
        std::optional<timestamp> last;
        double gap_us = 0; // smoothed time between two; 0 = not two yet
    };
    std::vector<service_starts> starts;   // by class
    std::vector<std::uint32_t> signed_in; // by class: eligible agents who are there for its channel

    /// Agents of each profile, by lane and in all.
    struct headcount {
        std::vector<std::uint32_t> accepting, available;
        std::uint32_t accepting_in_all = 0;
    };
    std::array<headcount, lane_count> there;
    std::size_t lanes = channel_count; // in use: message_lane, the last, costs each agent a place in one more list
    struct profile_counts {
        int idle_for_live = 0;
        int on_shift = 0;
    };
    std::vector<profile_counts> counts; // by profile

    struct dynamic_order {
        bool in_use = false;
        ranked_lists lists;
    };
    std::array<dynamic_order, dynamic_policies.size()> dynamic; // as dynamic_policies
    bool any_dynamic = false;
    std::uint64_t offers = 0;
    std::size_t ratio_queues = 0; // of order fqr
    std::size_t waiting_in_all = 0;

    // clock.cpp
    void advance(timestamp t, decisions& out);
    void fire(const timer& t, decisions& out);
    void check_agents();
    void watch_shift(index_t agent);

    // choosing.cpp: who gets it, what is next
    struct choice {
        index_t agent = nobody;
        int rank = 256;
        std::uint64_t score = 0;
        std::uint64_t order = 0;
        bool by_affinity = false;
        [[nodiscard]] bool worse_than(int r, std::uint64_t s, std::uint64_t o) const {
            return r != rank ? r < rank : s != score ? s < score : o < order;
        }
    };
    [[nodiscard]] bool refused(index_t slot, index_t agent) const;
    [[nodiscard]] bool reserve_is_short(index_t cls) const;
    /// `noted` gets the agents compared; may be null.
    [[nodiscard]] choice choose(index_t slot, offer_facts* noted) const;
    /// A ticket that an agent might take next. Most lose by their key alone; the ticket itself is far away in memory
    /// and read last.
    struct contender {
        std::uint64_t key = waiting_room::empty_key;
        index_t cls = nobody;  // the head of this class …
        index_t slot = nobody; // … or this ticket
    };
    [[nodiscard]] index_t ticket_of(const contender& c) const { return c.cls != nobody ? room.head(c.cls) : c.slot; }
    [[nodiscard]] bool before(const contender& x, const contender& y) const {
        return x.key != y.key ? x.key < y.key : tickets[ticket_of(x)].id < tickets[ticket_of(y)].id;
    }
    template <class F>
    void for_each_contender(index_t agent, F&& f) const;
    [[nodiscard]] bool possible(index_t agent, const contender& c) const;
    /// `noted` gets the tickets compared.
    [[nodiscard]] index_t best_for(index_t agent, offer_facts& noted);
    [[nodiscard]] index_t best_by_ratio(index_t agent, offer_facts& noted);
    void note_presence(index_t slot, offer_facts& noted) const; // `free` only if nobody was counted yet
    struct queue_head {
        index_t queue;
        contender best;
    };
    std::vector<queue_head> queue_heads;    // best_by_ratio's scratch
    std::vector<std::uint16_t> head_number; // by queue: its place there, counted from 1
    /// Tickets of reserved classes that wait for one agent alone: another who becomes idle may free that agent for
    /// them.
    std::vector<index_t> held_and_reserved;
    void find_held_and_reserved();

    // matching.cpp
    void mark_ticket(index_t slot, trigger why);
    void mark_agent(index_t agent, trigger why);
    /// Marked tickets, in order, go to agents who were available all along; then marked agents, longest idle first,
    /// take the best of all that waits.
    void rematch(decisions& out);
    void find_somebody(index_t slot, trigger why, decisions& out);
    void settle(index_t agent, trigger why, decisions& out);
    void offer(index_t slot, const choice& c, trigger why, offer_facts& noted, decisions& out);
    /// Where a queue fans out: tickets that ring ring at so many, if as many are free once all that waits was looked
    /// at.
    void ring_others(decisions& out);
    bool ring_enough(index_t slot, decisions& out); // false: nobody more is free for it
    void watch_ringing(index_t slot);
    void note_reasons(index_t slot, trigger why, offer_facts& noted) const;
    [[nodiscard]] offered_work work_of(index_t slot) const;
    void offer_one(index_t slot, const choice& c, decisions& out, const offer_facts& noted);
    void place_stale(trigger why, decisions& out);
    std::vector<std::pair<index_t, trigger>> marked_tickets, marked_agents;
    std::vector<std::pair<index_t, index_t>> ringing; // tickets that ring at too few, with their generation
    bool ring_again = false;                          // somebody has become free, or one of these tickets has changed
    timestamp ring_at{};                              // and then by time alone: agents may take it who had to wait
    std::vector<index_t> stale; // agents with tickets of their own who may no longer be the ones to wait for

    // places.cpp: tickets in and out of the waiting room
    index_t enter(const waiting_ticket& t); // known now, placed by `place`
    void set_rank(index_t slot, int tier, int priority, std::optional<timestamp> due_at);
    void set_extras(index_t slot, const waiting_ticket& t);
    void put_in_class(index_t slot, class_table::found f);
    void prepare_class(class_table::found f);
    void set_stage(index_t slot);
    [[nodiscard]] std::int64_t since(index_t slot) const; // microseconds: from when its age counts
    [[nodiscard]] index_t holder(index_t slot) const;     // whom alone it waits for; nobody = for anybody
    [[nodiscard]] bool may_hold(index_t slot, index_t agent) const;
    void set_key(index_t slot); // its place in the order, while it is in none
    void place(index_t slot);
    void place_and_mark(index_t slot, trigger why, decisions& out);
    void unplace(index_t slot);
    void withdraw(index_t slot); // unplace, or a callback whose time has not come
    void forget(index_t slot);   // must be neither placed nor an agent's item
    queue_record& queue_of(index_t slot) { return queues[facts[tickets[slot].cls].queue]; }
    [[nodiscard]] const queue_record& queue_of(index_t slot) const { return queues[facts[tickets[slot].cls].queue]; }
    index_t queue_number(queue_id id);
    [[nodiscard]] index_t find_queue(queue_id id) const;                        // nobody if unknown
    [[nodiscard]] std::vector<index_t> waiting_in(const queue_record& q) const; // by ticket id

    // relaxing.cpp: what a waiting ticket does when nobody takes it
    [[nodiscard]] std::optional<std::int64_t> next_step(index_t slot) const; // when; microseconds
    void take_step(index_t slot, step_cause why, decisions& out);
    bool take_due_steps(index_t slot, decisions& out); // true if there were any
    [[nodiscard]] bool skips_wait(index_t slot) const;
    /// Time between two starts of the class; empty = not known yet. One that has found nobody for longer has become
    /// slower.
    [[nodiscard]] std::optional<double> start_gap_us(index_t cls, timestamp at) const;
    [[nodiscard]] bool watches_lateness(index_t cls) const;
    void watch_lateness(queue_record& q, std::size_t waiting);
    void hurry_late(queue_record& q, decisions& out); // takes the next step of those who would be late
    /// What the last mutation of a step makes of real-time work, if it does not wait any more.
    [[nodiscard]] std::optional<closed_action> turns_away(index_t slot, const std::vector<mutation>& m) const;
    [[nodiscard]] bool is_shut(index_t slot) const; // real-time work of a closed queue
    [[nodiscard]] bool is_full(index_t slot) const;
    [[nodiscard]] bool may_overflow(index_t slot, queue_id to) const;
    void overflow(index_t slot, queue_id to, overflow_reason reason, decisions& out); // must not be placed
    /// What happens to a ticket that nobody can take: true if it waits elsewhere or for others now.
    bool turn_away(index_t slot, decisions& out);

    // people.cpp: agents' items, availability, profiles
    [[nodiscard]] index_t agent_number(agent_id id) const; // nobody if unknown
    void refresh(index_t agent, bool present = true);
    void detach(index_t agent);
    void use_policy(agent_policy policy);
    void use_messages(); // a caller has left one
    [[nodiscard]] std::uint64_t score_of(index_t agent, index_t cls) const;
    void set_profile(index_t agent);
    void add_item(index_t agent, item i);
    /// Marks the agent. `keeps_place`: the offer ended through no doing of the agent, who gets the old place in the
    /// idle order back.
    void take_item(index_t agent, index_t slot, bool keeps_place);
    [[nodiscard]] bool counts_as_load(channel c) const {
        return !(settings.deferrable_keeps_idle && deferrable_lanes.contains(c));
    }
    [[nodiscard]] bool loaded(const agent_record& a) const;
    void resume_items(index_t agent, decisions& out);

    // offers.cpp
    [[nodiscard]] bool is_offered_to(index_t slot, index_t agent) const;
    [[nodiscard]] std::vector<index_t> offered_to(index_t slot) const;
    /// The agent has no offer of it any more. True if nobody has: the ticket is in no place then.
    bool drop_offer(index_t slot, index_t agent, bool keeps_place);
    void refuse(index_t slot, index_t agent, std::optional<timestamp> declined_at, decisions& out);
    void set_aside(index_t slot, const refusal& by);
    [[nodiscard]] bool all_have_refused(index_t slot) const;
    /// `began`: when the offer did.
    void missed(index_t agent, index_t slot, timestamp began, decisions& out);
    /// Takes an open offer from its agent and says so. Answers as drop_offer.
    bool end_offer_of(index_t slot, index_t agent, end_reason reason, decisions& out);
    bool refused_elsewhere(ticket_id ticket, agent_id agent, std::int64_t version, bool was_missed, timestamp t,
                           decisions& out);
    void end_impossible_offers(index_t agent, decisions& out);
    /// The agent works on `slot` now: parks what it interrupts, ends offers that no longer fit.
    void begin_work(index_t agent, index_t slot, decisions& out);
    void accept(index_t slot, index_t agent, decisions& out);
    void note_start(index_t cls);
    bool assign(const held_item& held, decisions& out);
    /// Out of its place, its offer or its agent's hands, and unknown from now on.
    void pull_out(index_t slot, end_reason reason, decisions& out);
    /// Makes the agent's active and parked items what `held` says.
    void correct_items(index_t agent, const std::vector<held_item>& held, decisions& out);

    // explain.cpp
    [[nodiscard]] exclusions exclusions_for(index_t slot, index_t agent) const;

    // configuration.cpp
    void relate_profile(index_t profile);
    void relate_class(index_t cls);
    void relate_queue(queue_record& q);
    void count_delays(const agent_config& agent, int change);
    void shape_demand(index_t cls);
    [[nodiscard]] std::optional<standing> standing_in(index_t cls, index_t profile) const;
    [[nodiscard]] static bool adds(const queue_record& q, queue_id other);
    void relate(index_t cls, index_t profile); // a pair that is not related
    void relate_all(queue_record& q);          // and the queues whose steps add it
    void put_queue(const queue_config& config, decisions& out);
    /// Gives every waiting ticket of the queue its place anew: stages, keys or steps are others now.
    void place_all(queue_record& q, decisions& out);
    using queue_delays = std::map<queue_id, std::map<std::int64_t, int>>;
    queue_delays delays_of(std::initializer_list<const agent_config*> configs);
    void place_restaged(const queue_delays& before, decisions& out);
    void add_agent(const agent_config& config, decisions& out);
    void remove_agent(index_t agent, decisions& out);
};

} // namespace switchboard::routing
