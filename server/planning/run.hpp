#pragma once

#include "planning/draws.hpp"
#include "planning/event_list.hpp"

#include <switchboard/planning/what_if.hpp>

namespace switchboard::routing {

/// What is counted of some customers while a replication runs.
struct live_tally {
    double offered = 0, answered = 0, abandoned = 0, turned_away = 0, in_time = 0;
    double waited_s = 0; // of all but the turned away
};

struct live_figures {
    std::vector<live_tally> streams{};  // as in the center
    std::array<live_tally, 24> hours{}; // of the day in which they came
    std::vector<double> occupancy{};    // by agent; NaN if never there
    std::uint64_t unfinished = 0;       // counted customers who still waited at the end
};

/// One run of a live center: queues and agents as they are configured, the hours of its week one after the other.
class live_run {
public:
    /// `within_s`: by stream, what counts as answered in time.
    live_run(const live_center& c, std::span<const double> within_s, std::uint64_t seed, int number);

    /// Tells the engine of the center; why it does not take it, if so.
    std::expected<void, config_error> open();
    /// Empty when it was stopped.
    std::optional<live_figures> run(const std::stop_token& stop, const std::function<void(double)>& told);

private:
    using slot = event_list::subject; // the first are the streams' next arrivals, then the clock, then customers
    enum class stage : std::uint8_t { arriving, waiting, active, parked };

    struct customer {
        ticket_id ticket = 0;
        double arrived = 0;
        double handle = 0;
        double until = 0; // active: when it ends; parked: how long it still takes
        std::uint32_t stream = 0, agent = 0;
        live_run::stage stage = stage::arriving;
        bool counted = false;
    };
    struct stream_state {
        time_source gap, handle;
        std::optional<time_source> patience;
        double reached = 0; // arrivals are drawn up to here
    };
    struct agent_state {
        double load = 0; // share of the capacity in use
        bool there = false;
        double since = 0, busy_s = 0, present_s = 0;
    };

    [[nodiscard]] timestamp engine_time(double t) const;
    [[nodiscard]] std::size_t hour_at(double t) const; // of the week
    [[nodiscard]] bool in_window(double t) const { return t >= warmup_s_ && t < horizon_s_; }
    customer& at(slot s) { return customers_[s - first_customer_]; }
    slot slot_of(ticket_id id) const { return static_cast<slot>(id & slot_mask); }
    live_tally& tally_of(const customer& c, std::size_t which); // 0: its stream's, 1: its hour's

    void begin_hour();
    void draw_next(std::uint32_t stream);
    void arrive(std::uint32_t stream);
    void run_out_of_patience(slot s);
    void turn_away(ticket_id ticket);
    void leave_message(ticket_id ticket);
    void count_turned_away(customer& c);
    void finish(slot s);
    /// Does what the engine has decided, and what follows from that.
    void obey();
    void begin(ticket_id ticket, agent_id agent);
    void put_to_work(slot s, double still_takes);
    void take_off(slot s);
    void free(slot s);
    void count_time(std::uint32_t agent);
    [[nodiscard]] double share_of(const customer& c) const;
    live_figures figures();

    static constexpr int slot_bits = 24;
    static constexpr ticket_id slot_mask = (ticket_id{1} << slot_bits) - 1;

    const live_center& center_;
    std::span<const double> within_s_;
    std::size_t warmup_hours_;
    double warmup_s_, horizon_s_, limit_;
    double now_ = 0;
    timestamp origin_;
    engine engine_;
    decisions out_;
    event_list events_;
    slot clock_, first_customer_;
    std::vector<stream_state> streams_;
    std::vector<agent_state> agents_;
    std::unordered_map<agent_id, std::uint32_t> agent_numbers_;
    std::vector<bool> open_; // by queue
    std::vector<customer> customers_;
    std::vector<slot> free_;
    std::uint64_t arrivals_ = 0, open_counted_ = 0;
    live_figures counted_;
};

} // namespace switchboard::routing
