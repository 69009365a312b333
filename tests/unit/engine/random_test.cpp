// Thousands of small contact centers, each living through random events: the engine must decide exactly as the plain
// re-implementation in oracle.cpp does, the oracle must see no promise broken, and a second engine that is told the
// same events must say the same.

#include "unit/engine/random_world.hpp"
#include "unit/engine/trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace switchboard::routing {
namespace {

/// A random shift in a random center.
class shift {
public:
    explicit shift(std::uint64_t seed) : world_(seed), trial_(world_.settings()) {}

    /// The first problem, with no more happenings than it takes; empty if there was none.
    std::string run(int events) {
        set_up();
        for (int i = 0; i < events && trial_.problem().empty(); ++i) {
            if (world_.chance(40)) {
                if (const auto next = trial_.truth().next_timer()) world_.jump_to(*next);
            } else {
                world_.let_time_pass();
            }
            one_event();
        }
        if (trial_.problem().empty()) return {};
        const auto fewest = shrunk(happened_, [this](const auto& list) { return !again(list).problem().empty(); });
        return again(fewest).problem();
    }
    [[nodiscard]] trial again(const std::vector<happening>& list) const {
        trial t(world_.settings());
        for (const auto& h : list) t.tell(h);
        return t;
    }
    [[nodiscard]] const std::vector<happening>& happened() const { return happened_; }
    [[nodiscard]] const trial& outcome() const { return trial_; }

private:
    template <class Event>
    void tell(const std::string& what, Event event) {
        happened_.push_back({world_.now(), what, event, event});
        trial_.tell(happened_.back());
    }

    void put_queue(queue_id id) {
        const auto config = world_.queue(id);
        tell(fmt::format("queue {}", id),
             [=](auto& e, timestamp now, decisions& out) { (void)e.put(config, now, out); });
    }
    void put_agent(agent_id id) {
        const auto config = world_.agent(id);
        tell(fmt::format("agent {}", id),
             [=](auto& e, timestamp now, decisions& out) { (void)e.put(config, now, out); });
    }
    void set_presence(agent_id id) {
        const auto accepts = world_.presence();
        tell(fmt::format("presence {} {:b}", id, accepts.bits),
             [=](auto& e, timestamp now, decisions& out) { e.presence(id, accepts, now, out); });
    }
    void put_ticket(ticket_id id) {
        const auto t = world_.ticket(id);
        tell(fmt::format("waiting {} queue {} {}", id, t.queue, name_of(t.channel)),
             [=](auto& e, timestamp now, decisions& out) { e.waiting(t, now, out); });
    }
    held_item any_item(ticket_id id, agent_id agent) {
        const auto t = world_.ticket(id);
        return {id, agent, t.queue, t.channel, world_.chance(50), world_.chance(10), t.left_message};
    }

    void set_up() {
        for (queue_id q = 1; q <= world_.queues(); ++q) put_queue(q);
        for (agent_id a = 1; a <= world_.agents(); ++a) put_agent(a);
        for (agent_id a = 1; a <= world_.agents(); ++a) set_presence(a);
        for (int i = world_.pick(0, 6); i > 0; --i) put_ticket(next_ticket_++);
        for (int i = world_.pick(0, 3); i > 0; --i) {
            const auto item = any_item(next_ticket_++, world_.pick(1, world_.agents()));
            tell("held", [=](auto& e, timestamp, decisions&) { e.restore_held(item); });
            const auto t = world_.ticket(next_ticket_++);
            const auto expires = world_.now() + world_.span(-5, 30);
            tell("was offered", [=](auto& e, timestamp, decisions&) { e.restore_offer(t, item.agent, expires); });
            const agent_id sibling = world_.pick(1, world_.agents());
            if (world_.chance(20))
                tell("and to another", [=](auto& e, timestamp, decisions&) { e.restore_offer(t, sibling, expires); });
        }
        tell("start", [=](auto& e, timestamp now, decisions& out) { e.start(now, out); });
    }

    void one_event() {
        using enum oracle::where;
        const auto dice = world_.pick(1, 100);
        const agent_id agent = world_.pick(1, world_.agents());
        if (dice <= 30) return put_ticket(next_ticket_++);
        if (dice <= 50) {
            const auto j = world_.any(trial_.truth(), {offered});
            if (!j) return;
            const auto who = world_.chance(90) ? with(*j) : agent;
            return tell(fmt::format("accept {} by {}", j->ticket.id, who),
                        [=](auto& e, timestamp now, decisions& out) { e.accepted(j->ticket.id, who, now, out); });
        }
        if (dice <= 57) {
            const auto j = world_.any(trial_.truth(), {offered});
            if (!j) return;
            const bool late = world_.chance(30);
            const auto who = with(*j);
            return tell(fmt::format("decline {} by {}", j->ticket.id, who),
                        [=](auto& e, timestamp now, decisions& out) {
                            late ? e.timed_out(j->ticket.id, who, j->ticket.version + 1, now, out)
                                 : e.declined(j->ticket.id, who, j->ticket.version + 1, now, out);
                        });
        }
        if (dice <= 72) {
            const auto j = world_.any(trial_.truth(), {active, parked});
            if (!j) return;
            const auto who = with(*j);
            return tell(fmt::format("release {} by {}", j->ticket.id, who),
                        [=](auto& e, timestamp now, decisions& out) { e.released(j->ticket.id, who, now, out); });
        }
        if (dice <= 76) {
            const auto j = world_.any(trial_.truth(), {scheduled, waiting, offered, active, parked});
            if (!j) return;
            return tell(fmt::format("gone {}", j->ticket.id),
                        [=](auto& e, timestamp now, decisions& out) { e.gone(j->ticket.id, now, out); });
        }
        if (dice <= 82) {
            if (!world_.has_shifts() || world_.chance(60)) return set_presence(agent);
            if (world_.chance(10))
                return tell("new day", [=](auto& e, timestamp now, decisions& out) { e.new_day(now, out); });
            const auto end = world_.shift_end();
            return tell(fmt::format("shift of {} ends {}", agent, end ? end->time_since_epoch().count() : 0),
                        [=](auto& e, timestamp now, decisions& out) { e.shift(agent, end, now, out); });
        }
        if (dice <= 86) {
            const auto j = world_.any(trial_.truth(), {scheduled, waiting, offered, active, parked});
            if (!j) return;
            if (world_.chance(70)) return put_ticket(j->ticket.id);
            auto same = j->ticket; // only the version is another
            ++same.version;
            return tell(fmt::format("again {}", same.id),
                        [=](auto& e, timestamp now, decisions& out) { e.waiting(same, now, out); });
        }
        if (dice <= 89) {
            const auto item = any_item(world_.pick(1, static_cast<int>(next_ticket_)), agent);
            next_ticket_ = std::max(next_ticket_, item.ticket + 1);
            return tell(fmt::format("assign {} to {}", item.ticket, agent),
                        [=](auto& e, timestamp now, decisions& out) { e.assigned(item, now, out); });
        }
        if (dice <= 92) {
            const auto j = world_.any(trial_.truth(), {offered, waiting, scheduled});
            if (!j) return;
            const auto who = j->state == offered ? with(*j) : agent;
            const auto fresh = world_.chance(60) ? std::optional{world_.ticket(j->ticket.id)} : std::nullopt;
            std::optional<std::vector<held_item>> held;
            if (world_.chance(40)) held.emplace({any_item(next_ticket_++, who)});
            return tell(fmt::format("not committed {} to {}", j->ticket.id, who),
                        [=](auto& e, timestamp now, decisions& out) {
                            e.commit_failed(j->ticket.id, who, fresh, held, now, out);
                        });
        }
        if (dice <= 95) return put_agent(agent);
        if (dice <= 97) return put_queue(world_.pick(1, world_.queues()));
        if (dice <= 98)
            return tell(fmt::format("remove agent {}", agent),
                        [=](auto& e, timestamp now, decisions& out) { e.remove_agent(agent, now, out); });
        if (world_.chance(30)) {
            const queue_id q = world_.pick(1, world_.queues());
            return tell(fmt::format("remove queue {}", q),
                        [=](auto& e, timestamp now, decisions& out) { e.remove_queue(q, now, out); });
        }
        tell("time passes", [=](auto& e, timestamp now, decisions& out) { e.advance(now, out); });
    }

    agent_id with(const oracle::job& j) {
        return j.hands[static_cast<std::size_t>(world_.pick(0, static_cast<int>(j.hands.size()) - 1))].agent;
    }

    random_world world_;
    trial trial_;
    std::vector<happening> happened_;
    ticket_id next_ticket_ = 1;
};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const auto* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(random_worlds, engine_decides_as_the_oracle_and_breaks_no_promise) {
    const auto wanted = number_from("SWITCHBOARD_SEED", 0); // to look at one world again
    const auto first = wanted != 0 ? wanted : 1;
    const auto last = wanted != 0 ? wanted : number_from("SWITCHBOARD_WORLDS", 2000);
    std::map<std::size_t, std::size_t> kinds;
    for (auto seed = first; seed <= last; ++seed) {
        shift s(seed);
        const auto problem = s.run(80);
        ASSERT_EQ(problem, "") << "seed " << seed;
        for (const auto& [kind, n] : s.outcome().kinds()) kinds[kind] += n;
    }
    if (wanted != 0) return;
    // The worlds are not idle, and everything that an engine can say is said.
    EXPECT_GT(kinds[decision{make_offer{}}.index()], 30'000u);
    for (std::size_t kind = 0; kind < std::variant_size_v<decision>; ++kind) EXPECT_GT(kinds[kind], 200u) << kind;
}

TEST(random_worlds, a_failing_shift_shrinks_to_what_it_takes) {
    shift s(8); // of a world whose offers need no more than a queue, an agent, presence, a ticket and the start
    ASSERT_EQ(s.run(80), "");
    const auto makes_an_offer = [&](const auto& list) { return s.again(list).kinds().contains(0); };
    ASSERT_TRUE(makes_an_offer(s.happened()));
    const auto fewest = shrunk(s.happened(), makes_an_offer);
    EXPECT_LE(fewest.size(), 5u);
    EXPECT_TRUE(makes_an_offer(fewest));
}

} // namespace
} // namespace switchboard::routing
