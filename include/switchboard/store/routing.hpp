#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/model/routing_explanation.hpp>
#include <switchboard/model/routing_rows.hpp>
#include <switchboard/model/time.hpp>
#include <switchboard/store/rules.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::store {

class database;

/// Of those who are ready: since when they hold nothing, or were ready if that is later, and how much they have begun
/// today.
struct routing_people {
    struct agent {
        std::int64_t id = 0;
        timestamp idle_since{};
        std::int64_t today = 0;
    };
    timestamp now{};      // by the database's clock, when this was read
    timestamp day_ends{}; // midnight of the time zone
    std::vector<agent> agents;
};

/// Takes what a new leader reads, on the database's thread, as it comes and in this order. A ticket lasts for the call.
struct routing_reader {
    std::function<void(const routing_people&)> people;
    std::function<void(const routing_configuration&)> configuration;
    std::function<void(const routing_ticket&)> held;    // active, parked or in wrap-up: with its agent
    std::function<void(const routing_ticket&)> waiting; // or offered: with the agent
};

/// One decision of the engine on its way to the database.
struct routing_write {
    enum class kind { offer, end, park, resume, not_ready, step, overflow, put_off, message } what = kind::offer;
    std::int64_t ticket = 0, agent = 0, version = 0, weight = 0;
    std::int64_t queue = 0; // overflow: where to
    std::int64_t step = 0;  // relaxation steps taken
    std::string channel;
    bool sibling = false; // offer: others are offered the ticket already
    bool alone = true;    // offer: nobody else may be
    double ring_s = 0;    // offer; put_off: for how long
    std::string detail =
        "{}";           // offer: why, as JSON; end: the offer's new state; put_off, overflow, message: what happened
    std::string reason; // end, not_ready
    std::string facts = "{}"; // JSON, kept as the decision's reasons
};

struct routing_commit {
    bool fenced = false;         // the lease is lost: nothing was written
    std::vector<bool> made_true; // one a write
    std::vector<bool> busy; // one a write: somebody holds its ticket or its agent. It was not tried: hand it in again
};

/// An agent's load that was not what his open offers say.
struct mended_load {
    std::int64_t agent = 0;
    std::string channel; // '*' = units
    std::int64_t was = 0, is = 0;
};

/// A ticket with what was decided about it.
struct routing_history {
    std::string state;
    std::int64_t queue = 0;
    timestamp enqueue_at{};
    std::vector<routing_decision> decisions;                      // without words
    std::map<std::int64_t, std::string> skills, licences, queues; // names
};

/// A queue as it is, with who could be asked for its tickets.
struct routing_surroundings {
    routing_configuration configuration;
    std::vector<routing_ticket> held;    // by these agents
    std::vector<routing_ticket> tickets; // that were asked for
    std::vector<std::int64_t> counts;    // beside each: how many wait that ask for the same
};

enum class who_is_around { asked, everybody }; // whom the queue or its steps may ask, or all agents

struct swept {
    std::size_t wrapups = 0, holds = 0, callbacks = 0, follow_ups = 0;
};

/// Routing's writes. Every commit is fenced by the lease's epoch in the same transaction, since a leader that was
/// paused can outlive its lease (Kleppmann, "fencing tokens"); PostgreSQL is the authority, not the leader.
class routing {
public:
    explicit routing(database& db) : db_{db} {}

    /// Takes a lease that is free, has run out, or ends later than it can since the clock was set back: the new epoch,
    /// or nothing while another holds it.
    boost::asio::awaitable<std::optional<std::int64_t>> take_lease(std::string holder, double seconds);
    /// False: another took it over.
    boost::asio::awaitable<bool> renew_lease(std::int64_t epoch, double seconds);
    boost::asio::awaitable<void> give_up_lease(std::int64_t epoch);

    /// Everything, in one snapshot; events from the cursor on are not in it. An agent who refused an offer less than
    /// the queue's cool-down ago is in `refused`.
    boost::asio::awaitable<cursor> load(routing_reader to, std::string zone);
    boost::asio::awaitable<routing_people> load_people(std::string zone);
    /// Without their offers.
    boost::asio::awaitable<std::vector<routing_ticket>> load_tickets(std::vector<std::int64_t> ids);
    boost::asio::awaitable<routing_configuration> load_configuration();
    /// What an agent really holds.
    boost::asio::awaitable<std::vector<routing_ticket>> load_held(std::int64_t agent);

    /// Nothing for a ticket that does not exist.
    boost::asio::awaitable<std::optional<routing_history>> load_history(std::int64_t ticket);
    boost::asio::awaitable<routing_surroundings> load_around(std::int64_t ticket,
                                                             who_is_around who = who_is_around::asked);
    /// One waiting ticket of each kind, at most 1,000 kinds. `members` in place of those of the queue.
    boost::asio::awaitable<std::optional<routing_surroundings>>
    load_kinds(std::int64_t queue, std::optional<std::vector<std::int64_t>> members,
               std::vector<std::int64_t> also = {});
    boost::asio::awaitable<std::map<std::int64_t, std::string>> names(std::vector<std::int64_t> agents);
    /// What each has in hand, of the channels of which he has any.
    boost::asio::awaitable<std::map<std::int64_t, std::vector<work_in_hand>>> hands(std::vector<std::int64_t> agents);

    /// One transaction for all writes, in sets. Each that the rows no longer allow is left out; the others stand. Who
    /// holds a row for long (his node was stopped) delays what needs it and nothing else. `may_wait`: a moment, for
    /// those who do not; otherwise not at all.
    boost::asio::awaitable<routing_commit> commit(std::int64_t epoch, std::vector<routing_write> writes,
                                                  bool may_wait = true);

    /// Moves into the present what the clock, set back, has left in the future (store/due_times.hpp). `after_a_gap`:
    /// nobody has led, or the clock was set. False: the lease is lost.
    boost::asio::awaitable<bool> keep_time(std::int64_t epoch, bool after_a_gap);

    /// Ends wrap-up and hold whose time is over, and does what is due for callbacks and follow-ups; forgets decisions
    /// of another month and answers of another day. What somebody holds waits for the next time. `licence_lasts_s`: how
    /// long the licence of who gets a ticket back must last at least.
    boost::asio::awaitable<swept> sweep(std::int64_t epoch, clock_rules rules, std::int64_t licence_lasts_s);

    /// Compares every agent's load with his open offers and puts right what differs: a fault of ours, which would
    /// otherwise keep work from him for good. What it was.
    boost::asio::awaitable<std::vector<mended_load>> mend_loads(std::int64_t epoch);

private:
    database& db_;
};

} // namespace switchboard::store
