#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/sla_target.hpp>
#include <switchboard/sla/business_hours.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::sla {

/// What a queue promises to one priority.
struct target {
    std::string policy; // which row in which version, by which hours: "target 5 v2, calendar 3 v4", "queue 3 v7"
    std::int64_t first_answer_s = 3600;
    std::optional<std::int64_t> solution_s;
};

/// The promises of a queue as they are in force now.
struct queue_promises {
    business_hours hours;
    std::array<target, 10> by_priority;
};

/// `queue_policy` and `queue_target_s` hold where no target does. `hours_policy` is said after either.
std::array<target, 10> promises_of(const std::string& queue_policy, std::int64_t queue_target_s,
                                   const std::vector<sla_target>& targets, const std::string& hours_policy = {});

/// ", calendar 3 v4"
std::string hours_policy(std::int64_t calendar, std::int64_t version);

/// One of the two clocks of a ticket: until the first answer, and until it is solved.
struct promise_clock {
    std::string name; // first_answer solution
    std::int64_t target_s = 0;
    std::optional<timestamp> due_at;         // empty while paused, and if it never opens long enough
    std::optional<timestamp::duration> left; // paused: what was left
    std::optional<timestamp> met_at;
    bool breached = false;
};

/// What was promised to a ticket and how it stands, kept with the ticket as text. Due times count business hours from
/// the start, so nothing need be done when a queue closes or opens; the ledger's lines about that are made with the
/// next line that has another cause, or when somebody reads it.
///
/// Each call that changes it returns the lines to append to the ledger, in order.
class promise {
public:
    promise() = default; // nothing was promised

    static promise start(const target& t, const business_hours& hours, timestamp at);
    static promise read(std::string_view text); // as text() wrote it; empty = nothing was promised
    [[nodiscard]] std::string text() const;

    [[nodiscard]] bool empty() const { return clocks_.empty(); }

    using lines = std::vector<sla_entry>;
    /// Both clocks stop: the customer's turn.
    lines pause(const business_hours& hours, timestamp at, std::string_view reason);
    /// The clocks that were stopped go on; nothing if none was.
    lines resume(const business_hours& hours, timestamp at, std::string_view reason);
    lines answered(const business_hours& hours, timestamp at, std::string_view reason);
    lines solved(const business_hours& hours, timestamp at);
    /// What was met at `met_at` was not: the answer was taken back, or the ticket is not solved after all.
    lines take_back(const business_hours& hours, timestamp at, timestamp met_at, std::string_view reason);
    /// Other terms from `at` on, for each clock that is neither met nor missed: the time that it has run by the hours
    /// `before` stays run, what is left goes on by the hours `after`. Whoever has used up a shorter time already is due
    /// at once, not earlier. A clock that the terms do not have any more is withdrawn, one that is new begins now.
    lines reprice(const target& t, const business_hours& before, const business_hours& after, timestamp at,
                  std::string_view reason);
    /// What happened by itself up to now: the start, the hours, and what was missed. All others begin with it.
    lines tell(const business_hours& hours, timestamp at);

    /// The next of the times that are still to be kept, or are missed already; what lists show and `edf` orders by.
    [[nodiscard]] std::optional<timestamp> due_at() const;
    /// The next moment after which tell() finds something missed.
    [[nodiscard]] std::optional<timestamp> check_at() const;
    [[nodiscard]] const std::string& policy() const { return policy_; }
    /// It stands still because it is the customer's turn.
    [[nodiscard]] bool waits() const { return waits_; }
    [[nodiscard]] sla_status status(const business_hours& hours, timestamp at) const;

private:
    using duration = timestamp::duration;
    [[nodiscard]] duration left_of(const promise_clock& c, const business_hours& hours, timestamp at) const;
    [[nodiscard]] sla_entry line(const promise_clock& c, std::string_view kind, const business_hours& hours,
                                 timestamp at, std::string_view reason) const;
    void tell_hours(const business_hours& hours, timestamp at, lines& out);
    void go_on(const promise_clock& c, const business_hours& hours, timestamp at, std::string_view reason, lines& out);
    void meet(promise_clock& c, const business_hours& hours, timestamp at, std::string_view reason, lines& out);

    std::string policy_;
    timestamp told_until_{}; // the ledger is whole up to here
    bool started_ = false;   // it has the lines of the start
    bool shut_ = false;      // its last line about the hours says closed
    bool waits_ = false;     // paused for the customer
    std::vector<promise_clock> clocks_;
};

} // namespace switchboard::sla
