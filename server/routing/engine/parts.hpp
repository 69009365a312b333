#pragma once

#include <switchboard/routing/engine.hpp>

#include "routing/engine/agents.hpp"
#include "routing/engine/eligibility.hpp"
#include "routing/engine/idle_lists.hpp"
#include "routing/engine/queues.hpp"
#include "routing/engine/timers.hpp"
#include "routing/engine/waiting_room.hpp"

#include <deque>
#include <unordered_map>

namespace switchboard::routing {

/// The engine's state and its inner moves. An event first makes its moves, which change places and capacity and mark
/// whom that concerns; then one `rematch` makes all offers that have become possible. So what happens at one moment is
/// matched in order, however many timers and tickets it touches.
struct engine::parts {
    explicit parts(engine_settings s) : settings(s), classes(s.max_idle_classes), room(tickets) {}
    parts(const parts&) = delete; // room refers to tickets
    parts& operator=(const parts&) = delete;

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
    timer_queue timers, licence_timers;
    std::uint64_t stamps = 0; // the idle order's counter

    struct class_facts {
        index_t queue = nobody;
        routing::channel channel = channel::email;
        bool reserved = false; // its queue keeps a reserve and its channel can wait
        std::int64_t delay_passed = 0;
    };
    std::vector<class_facts> facts; // by class
    std::size_t reserved_classes = 0;

    struct profile_counts {
        int idle_for_live = 0;
        std::array<int, channel_count> accepting{};
    };
    std::vector<profile_counts> counts; // by profile

    // clock.cpp
    void advance(timestamp t, decisions& out);
    void fire(const timer& t, decisions& out);
    void check_licences();

    // matching.cpp
    struct choice {
        index_t agent = nobody;
        int rank = 256;
        std::uint64_t order = 0;
        bool by_affinity = false;
    };
    [[nodiscard]] bool refused(index_t slot, index_t agent) const;
    [[nodiscard]] bool reserve_is_short(index_t cls) const;
    [[nodiscard]] choice choose(index_t slot) const;
    [[nodiscard]] index_t best_for(index_t agent) const;
    void mark_ticket(index_t slot, trigger why);
    void mark_agent(index_t agent, trigger why);
    /// Marked tickets, in order, go to agents who were available all along; then marked agents, longest idle first,
    /// take the best of all that waits.
    void rematch(decisions& out);
    void settle(index_t agent, trigger why, decisions& out);
    void offer(index_t slot, const choice& c, trigger why, decisions& out);
    std::vector<std::pair<index_t, trigger>> marked_tickets, marked_agents;

    // places.cpp: tickets in and out of the waiting room
    index_t enter(const waiting_ticket& t); // known now, placed by `place`
    void set_extras(index_t slot, const waiting_ticket& t);
    void put_in_class(index_t slot, class_table::found f);
    void prepare_class(class_table::found f);
    void set_stage(index_t slot);
    void place(index_t slot);
    void place_and_mark(index_t slot, trigger why) {
        place(slot);
        mark_ticket(slot, why);
    }
    void unplace(index_t slot);
    void forget(index_t slot); // must be neither placed nor an agent's item
    queue_record& queue_of(index_t slot) { return queues[facts[tickets[slot].cls].queue]; }
    index_t queue_number(queue_id id);

    // people.cpp: agents' items, availability, profiles
    [[nodiscard]] index_t agent_number(agent_id id) const; // nobody if unknown
    void refresh(index_t agent);
    void detach(index_t agent);
    void set_profile(index_t agent);
    void add_item(index_t agent, item i);
    /// Marks the agent. `keeps_place`: the offer ended through no doing of the agent, who gets the old place in the
    /// idle order back.
    void take_item(index_t agent, index_t slot, bool keeps_place);
    [[nodiscard]] bool counts_as_load(channel c) const {
        return !(settings.deferrable_keeps_idle && deferrable_channels.contains(c));
    }
    [[nodiscard]] bool loaded(const agent_record& a) const;
    void resume_items(index_t agent, decisions& out);

    // offers.cpp
    void refuse(index_t slot, index_t agent, decisions& out);
    void set_aside(index_t slot, agent_id agent, timestamp until);
    [[nodiscard]] bool all_have_refused(index_t slot) const;
    void missed(index_t agent, channel c, decisions& out);
    /// Takes an open offer from its agent and says so. The ticket is in no place afterwards.
    void end_offer_of(index_t slot, end_reason reason, decisions& out);
    bool refused_elsewhere(ticket_id ticket, agent_id agent, std::int64_t version, bool was_missed, timestamp t,
                           decisions& out);
    void end_impossible_offers(index_t agent, decisions& out);
    /// The agent works on `slot` now: parks what it interrupts, ends offers that no longer fit.
    void begin_work(index_t agent, index_t slot, decisions& out);
    void accept(index_t slot, decisions& out);
    bool assign(const held_item& held, decisions& out);
    /// Out of its place, its offer or its agent's hands, and unknown from now on.
    void pull_out(index_t slot, end_reason reason, decisions& out);
    /// Makes the agent's active and parked items what `held` says.
    void correct_items(index_t agent, const std::vector<held_item>& held, decisions& out);

    // configuration.cpp
    void relate_profile(index_t profile);
    void relate_class(index_t cls);
    void relate_queue(queue_record& q);
    void count_delays(const agent_config& agent, int change);
    /// Gives every waiting ticket of the queue its place anew: stages or keys are others now.
    void place_all(queue_record& q);
    void add_agent(const agent_config& config);
    void remove_agent(index_t agent, decisions& out);
};

} // namespace switchboard::routing
