#pragma once

#include <switchboard/model/blending.hpp>
#include <switchboard/model/channel.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/queue.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the routing engine is told. Plain values: ids and times come from the caller, nothing here reads a clock.
namespace switchboard::routing {

using ticket_id = std::int64_t;
using agent_id = std::int64_t;
using queue_id = std::int64_t;
using skill_id = std::int64_t;
using licence_type_id = std::int64_t;
using seconds = std::chrono::seconds;

using switchboard::channel;
inline constexpr std::size_t channel_count = boost::mp11::mp_size<enumerators_of<channel>>::value;

/// A set of channels, one bit each.
struct channel_set {
    std::uint8_t bits = 0;

    constexpr channel_set() = default;
    constexpr channel_set(std::initializer_list<channel> list) {
        for (auto c : list) insert(c);
    }
    constexpr void insert(channel c) { bits = static_cast<std::uint8_t>(bits | (1u << static_cast<unsigned>(c))); }
    constexpr void erase(channel c) { bits = static_cast<std::uint8_t>(bits & ~(1u << static_cast<unsigned>(c))); }
    [[nodiscard]] constexpr bool contains(channel c) const { return (bits >> static_cast<unsigned>(c) & 1u) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits == 0; }
    bool operator==(const channel_set&) const = default;
};

inline constexpr channel_set all_channels{channel::phone, channel::chat,   channel::email, channel::fax,
                                          channel::post,  channel::walkin, channel::social};
/// Nobody is on the line: this work may wait for a quiet moment.
inline constexpr channel_set deferrable_channels{channel::email, channel::fax, channel::post, channel::social};

/// The agent's level in `skill` lies in [min, max]; an absent skill is level 0.
struct requirement {
    skill_id skill = 0;
    int min = 1;
    std::optional<int> max{};
    auto operator<=>(const requirement&) const = default;
};

/// The ticket needs a licence of this type that covers this jurisdiction (compared exactly; "*" on a licence covers
/// all).
struct licence_term {
    licence_type_id type = 0;
    std::string jurisdiction{};
    auto operator<=>(const licence_term&) const = default;
};

using switchboard::licence_state;

struct licence {
    licence_type_id type = 0;
    std::vector<std::string> jurisdictions{};
    timestamp from{};
    std::optional<timestamp> until{}; // empty = no end
    licence_state state = licence_state::active;
};

/// Whoever is a member of this queue is asked by the step `ask_supervisors`. No ticket waits in it.
inline constexpr queue_id supervisors = -1;

/// One thing that a relaxation step changes.
struct mutation {
    using kind = step_kind;
    kind what = kind::drop_skill;
    skill_id skill = 0;
    queue_id queue = 0;
    int value = 0;
    bool operator==(const mutation&) const = default;
};

/// docs/routing.md 2.5: asks for less after a time. The ticket keeps its place in the order.
struct relaxation_step {
    seconds after{0}; // since the ticket entered the queue; ascending
    skip_condition skip_if = skip_condition::never;
    std::vector<mutation> mutations{};
    bool operator==(const relaxation_step&) const = default;
};

struct queue_config {
    queue_id id = 0;
    order_mode order = order_mode::fifo;
    agent_policy policy = agent_policy::longest_idle;
    seconds ring{20}; // how long an offer stands
    seconds cool{30}; // an agent who refused a ticket is not asked again for this long; see waiting_ticket::refused
    std::optional<int> missed_limit{};              // instead of engine_settings::missed_limit and missed_limit_voice
    std::array<seconds, 10> boost = linear_boost(); // aging, edf: an item of priority p counts as boost[p] older
    int reserve =
        0; // deferrable work waits until more than this many real-time agents of its class are idle; 0 = no reserve
    int fan_out = 1;           // agents offered at once, 1..16; else work that can wait rings one at a time at an agent
    bool open = true;          // closed: real-time work of this queue is not offered
    bool interruptible = true; // its written work may be parked for work that the agent's `interrupt` names; live never
    double fqr_share = 0;      // fqr: the part of what waits that should wait here, 0..1
    seconds due_in{3600};      // edf: a ticket without `due_at` counts as due this long after it entered
    std::optional<int> max_waiting{}; // a new ticket that would wait as one more overflows or is blocked
    queue_id overflow = 0;            // where such tickets go, unless that queue is full too; 0 = nowhere
    closed_action when_closed = closed_action::wait;
    std::vector<relaxation_step> steps{}; // at most 16

    static constexpr std::array<seconds, 10> linear_boost(seconds step = seconds{60}) {
        std::array<seconds, 10> b{};
        for (std::size_t p = 0; p < b.size(); ++p) b[p] = step * static_cast<int>(p);
        return b;
    }
};

struct skill_level {
    skill_id skill = 0;
    int level = 0; // 1..10
    auto operator<=>(const skill_level&) const = default;
};

struct membership {
    queue_id queue = 0;
    int rank = 0;     // 0..254, lower is asked first
    seconds delay{0}; // sees a ticket only this long after it entered the queue
    auto operator<=>(const membership&) const = default;
};

struct channel_cap {
    int max = 0;    // items of this channel at once
    int weight = 0; // units that one item takes
};

/// Rows: what is held; columns: what may come beside it.
using channel_matrix = std::array<channel_set, channel_count>;

struct agent_config {
    agent_id id = 0;
    std::vector<skill_level> skills{};
    std::vector<licence> licences{};
    int grade = 9;          // 0..9, takes tickets of difficulty up to this
    bool takes_work = true; // false: is known, and never offered anything
    std::vector<membership> memberships{};
    std::array<channel_cap, channel_count> caps = default_caps();
    int units = 100;
    channel_matrix allow = default_allow();         // held h allows new c: allow[h] contains c
    channel_matrix interrupt = default_interrupt(); // new c parks held h if h is interruptible: interrupt[h] contains c

    static constexpr std::array<channel_cap, channel_count> default_caps() {
        //        phone     chat     email    fax      post     walkin    social
        return {{{1, 100}, {4, 25}, {5, 20}, {5, 20}, {5, 20}, {1, 100}, {5, 20}}};
    }
    static constexpr channel_matrix default_allow() { return matrix_of(goes_beside); }
    static constexpr channel_matrix default_interrupt() {
        return matrix_of([](std::string_view held, std::string_view added) { return interrupts(added, held); });
    }
    template <class Rule>
    static constexpr channel_matrix matrix_of(Rule rule) {
        channel_matrix out;
        for (std::size_t held = 0; held < channel_count; ++held)
            for (std::size_t added = 0; added < channel_count; ++added)
                if (rule(name_of(static_cast<channel>(held)), name_of(static_cast<channel>(added))))
                    out[held].insert(static_cast<channel>(added));
        return out;
    }
};

/// The agent is not asked again before `until`. Who said no himself is not even when everybody has refused; who only
/// did not answer, or was gone, is then.
struct refusal {
    agent_id agent = 0;
    timestamp until{};
    std::optional<timestamp> declined_at{}; // said no himself
};

/// A ticket that waits for an agent.
struct waiting_ticket {
    ticket_id id = 0;
    queue_id queue = 0;
    routing::channel channel = channel::email;
    int tier = 0;            // 0..3, lower is served first, strictly
    int priority = 0;        // 0..9, used by the orders `aging` and `edf`
    timestamp enqueued_at{}; // survives requeue and transfer
    int difficulty = 0;      // 0..9
    std::vector<requirement> skills{};
    std::vector<licence_term> licences{};
    std::vector<agent_id> affinity{}; // asked first, in this order, if they can take it
    std::vector<refusal> refused{};
    bool refusals_cleared = false;     // everybody had refused it once already, and the list was cleared
    std::int64_t version = 0;          // of the row; a decision is committed against it
    std::optional<timestamp> due_at{}; // order `edf`
    std::optional<timestamp>
        not_before{}; // callback: not offered earlier, and its age for delays and steps counts from then
    std::optional<timestamp> hold_until{}; // kept until then for the first of `affinity` who is signed in and eligible
    int step = 0;                          // relaxation steps taken so far
    bool overflowed = false;               // has changed its queue by overflow: stays where it is
    bool left_message = false;             // phone: a message, with nobody on the line; it can wait as an e-mail can
};

/// An item that an agent works on. It takes capacity until it is released.
struct held_item {
    ticket_id ticket = 0;
    agent_id agent = 0;
    queue_id queue = 0;
    routing::channel channel = channel::email;
    bool interruptible = false;
    bool parked = false;
    bool left_message = false; // as waiting_ticket's
};

struct engine_settings {
    seconds retry{1}; // an offer that could not be committed is not made again for this long
    // Missed offers in a row until the agent is set not ready, 0 = never. What rang beside a missed one counts with it.
    int missed_limit_voice = 1;          // at a missed phone offer
    int missed_limit = 3;                // at one of another channel
    seconds min_licence_validity{0};     // a licence must last at least this much longer
    bool deferrable_keeps_idle = false;  // deferrable work leaves the agent's place in the idle order alone
    std::size_t max_idle_classes = 4096; // above this many classes the empty ones are reused
    seconds min_handle{0};               // an agent gets no real-time work later than this before the end of the shift
    std::optional<std::size_t> max_waiting_total{}; // as queue_config::max_waiting, over all queues
};

/// docs/routing.md 2.2 rule 3. The one place that says whether a licence counts: asked at offer and again at accept.
bool licence_valid(const std::vector<licence>& licences, const licence_term& term, timestamp now, seconds min_validity);

} // namespace switchboard::routing
