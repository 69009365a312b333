#pragma once

#include "planning/draws.hpp"
#include "planning/event_list.hpp"
#include "planning/tally.hpp"

namespace switchboard::routing {

/// One run of a scenario. Its clock is exact; the engine sees it in microseconds, which orders events and measures
/// nothing.
class replication {
public:
    replication(const scenario& s, int number);

    /// Opens the center; why the engine does not take the scenario, if so.
    std::expected<void, config_error> open();
    replication_figures run(const std::function<void(double)>& progress);

private:
    using slot = event_list::subject; // the first slots are the classes' next arrivals, the others are customers
    enum class stage : std::uint8_t { arriving, waiting, active, parked };

    struct customer {
        ticket_id ticket = 0;
        double arrived = 0;
        double handle = 0; // by an agent of speed 1
        double until = 0;  // active: when it ends; parked: how long it still takes
        std::uint32_t cls = 0;
        std::uint32_t agent = 0;
        replication::stage stage = stage::arriving;
        bool counted = false;
    };
    struct class_state {
        std::optional<time_source> gap, handle, patience;
        waiting_ticket ticket; // all but its id and time
        std::int64_t waiting = 0;
        tally counted;
    };
    struct agent_state {
        std::size_t group = 0;
        double load = 0; // share of the capacity in use
        double since = 0;
    };

    slot make_customer(std::uint32_t cls);
    customer& at(slot s) { return customers_[s - classes_.size()]; }
    slot slot_of(ticket_id id) const { return static_cast<slot>(id & slot_mask); }

    void arrive(std::uint32_t cls);
    void add_endless(std::uint32_t cls);
    void leave_unserved(slot s);
    void finish(slot s);
    /// Does what the engine has decided, and what follows from that.
    void obey();
    void begin(ticket_id ticket, agent_id agent);
    void park(slot s);
    void resume(slot s);
    void put_to_work(slot s, double still_takes);
    void take_off(slot s);
    void add_load(std::uint32_t agent, double change);
    void count_those_left();

    [[nodiscard]] timestamp engine_time(double t) const;
    [[nodiscard]] bool in_window(double t) const { return t >= scenario_.warmup_s && t < scenario_.horizon_s; }

    static constexpr int slot_bits = 24;
    static constexpr ticket_id slot_mask = (ticket_id{1} << slot_bits) - 1;

    const scenario& scenario_;
    double limit_; // the run is given up then
    double now_ = 0;
    engine engine_;
    decisions out_;
    event_list events_;
    std::vector<class_state> classes_;
    std::vector<agent_state> agents_; // the agent with id i is agents_[i - 1]
    std::vector<customer> customers_;
    std::vector<slot> free_;
    std::int64_t waiting_ = 0;
    std::uint64_t arrivals_ = 0;
    std::uint64_t open_counted_ = 0; // counted customers who have been neither answered nor lost
    std::vector<double> busy_s_;     // by group
    std::uint64_t unfinished_ = 0;
};

} // namespace switchboard::routing
