// What must hold between two runs of the engine, whatever the right numbers are (routing specification, section 3).

#include "unit/engine/describe.hpp"

#include <switchboard/engine/engine.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace switchboard::routing {
namespace {

constexpr skill_id a = 1, b = 2;

std::chrono::microseconds draw(std::mt19937_64& random, double mean_s) {
    return std::chrono::microseconds{
        static_cast<std::int64_t>(std::exponential_distribution{1.0 / mean_s}(random) * 1e6)};
}

/// One queue of calls that need skill a or b, under a virtual clock; every offer is accepted at once.
struct center {
    queue_config queue{.id = 1};
    std::vector<agent_config> agents;
    double arrivals_per_s = 1, handle_s = 4;
    int calls = 20'000;

    center& with(int count, std::vector<skill_level> skills) {
        for (int i = 0; i < count; ++i)
            agents.push_back(
                {.id = static_cast<agent_id>(agents.size()) + 1, .skills = skills, .memberships = {{.queue = 1}}});
        return *this;
    }

    /// Mean wait of all calls, in seconds. Each call brings its own length, so that runs of one seed can be compared.
    [[nodiscard]] double mean_wait(std::uint64_t seed) const {
        engine e;
        decisions out;
        timestamp now{};
        std::mt19937_64 random(seed);
        EXPECT_TRUE(e.put(queue, now, out));
        for (const auto& agent : agents) {
            EXPECT_TRUE(e.put(agent, now, out));
            e.presence(agent.id, all_channels, now, out);
        }
        e.start(now, out);

        struct call {
            timestamp at;
            std::chrono::microseconds length;
        };
        std::vector<call> all;
        std::multimap<timestamp, make_offer> ends;
        double waited = 0;
        int started = 0;
        const auto answer = [&] {
            for (const auto& d : std::exchange(out, {})) {
                const auto* o = std::get_if<make_offer>(&d);
                if (o == nullptr) continue;
                const auto& c = all[static_cast<std::size_t>(o->ticket) - 1];
                e.accepted(o->ticket, o->agent, now, out);
                ends.emplace(now + c.length, *o);
                waited += std::chrono::duration<double>(now - c.at).count();
                ++started;
            }
        };
        auto next_arrival = now + draw(random, 1 / arrivals_per_s);
        while (started < calls) {
            const bool more = static_cast<int>(all.size()) < calls;
            auto next = more ? next_arrival : timestamp::max();
            if (!ends.empty()) next = std::min(next, ends.begin()->first);
            if (const auto timer = e.next_timer(); timer && *timer < next) {
                now = *timer;
                e.advance(now, out);
            } else if (more && next == next_arrival) {
                now = next;
                all.push_back({now, draw(random, handle_s)});
                const skill_id needs = random() % 2 == 0 ? a : b;
                const auto id = static_cast<ticket_id>(all.size());
                e.waiting({.id = id, .queue = 1, .channel = channel::phone, .enqueued_at = now, .skills = {{needs}}},
                          now, out);
                next_arrival = now + draw(random, 1 / arrivals_per_s);
            } else {
                now = next;
                const auto o = ends.begin()->second;
                ends.erase(ends.begin());
                e.released(o.ticket, o.agent, now, out);
            }
            answer();
        }
        return waited / calls;
    }
};

struct estimate {
    double mean = 0, se = 0;
};

/// Of f(seed) over some seeds.
template <class F>
estimate over_seeds(F&& f) {
    constexpr int n = 8;
    std::vector<double> values;
    for (std::uint64_t seed = 1; seed <= n; ++seed) values.push_back(f(seed));
    double sum = 0, squares = 0;
    for (const auto v : values) sum += v;
    for (const auto v : values) squares += (v - sum / n) * (v - sum / n);
    return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

const center dedicated = center{}.with(3, {{a, 5}}).with(3, {{b, 5}});
const center pooled = center{}.with(6, {{a, 5}, {b, 5}});

/// How much longer one waits in `more` than in `less`, with the same calls.
estimate difference(const center& more, const center& less) {
    return over_seeds([&](std::uint64_t seed) { return more.mean_wait(seed) - less.mean_wait(seed); });
}

TEST(metamorphic, one_agent_more_never_makes_the_mean_wait_longer) {
    auto more = dedicated;
    more.with(1, {{a, 1}});
    const auto d = difference(more, dedicated);
    EXPECT_LE(d.mean, 3 * d.se) << d.mean << " +- " << d.se;
    EXPECT_LT(d.mean, -0.1); // and it helps: the test sees something
}

TEST(metamorphic, one_skill_more_never_makes_the_mean_wait_longer) {
    auto more = dedicated;
    more.agents[0].skills.push_back({b, 1});
    const auto d = difference(more, dedicated);
    EXPECT_LE(d.mean, 3 * d.se) << d.mean << " +- " << d.se;
    EXPECT_LT(d.mean, -0.1);
}

center relaxing_after(seconds after) {
    auto c = dedicated;
    c.queue.steps = {{.after = after,
                      .mutations = {{.what = mutation::kind::drop_skill, .skill = a},
                                    {.what = mutation::kind::drop_skill, .skill = b}}}};
    return c;
}

TEST(metamorphic, a_step_at_once_is_one_pool) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed)
        EXPECT_EQ(relaxing_after(seconds{0}).mean_wait(seed), pooled.mean_wait(seed));
}

TEST(metamorphic, a_step_that_never_comes_is_two_teams) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed)
        EXPECT_EQ(relaxing_after(seconds{10'000'000}).mean_wait(seed), dedicated.mean_wait(seed));
}

TEST(metamorphic, an_earlier_step_shortens_the_wait) {
    const auto early = difference(relaxing_after(seconds{2}), dedicated);
    const auto late = difference(relaxing_after(seconds{20}), relaxing_after(seconds{2}));
    EXPECT_LT(early.mean, -3 * early.se);
    EXPECT_GT(late.mean, 3 * late.se);
}

/// Two queues that share no agent: what one half decides must not depend on whether the other half is there.
class two_halves {
public:
    explicit two_halves(std::uint64_t seed) : random_(seed) {
        for (int half : {0, 1}) {
            for (queue_id q : {1, 2}) {
                queue_config c{.id = half * 10 + q};
                c.order = static_cast<order_mode>(random_() % 4);
                c.policy = static_cast<agent_policy>(random_() % 6);
                c.fqr_share = .5;
                c.fan_out = 1 + static_cast<int>(random_() % 2);
                c.reserve = static_cast<int>(random_() % 2);
                c.steps = {{.after = seconds{10}, .mutations = {{.what = mutation::kind::drop_skill, .skill = a}}}};
                queues_.push_back(c);
            }
            for (agent_id n = 1; n <= 4; ++n) {
                agent_config c{.id = half * 10 + n};
                if (random_() % 2 == 0) c.skills = {{a, 1 + static_cast<int>(random_() % 9)}};
                for (queue_id q : {1, 2}) c.memberships.push_back({half * 10 + q, static_cast<int>(random_() % 2)});
                agents_.push_back(c);
            }
        }
        for (ticket_id t = 1; t <= 120; ++t) {
            clock_ += seconds{random_() % 5};
            waiting_ticket w{.id = t, .queue = static_cast<queue_id>(random_() % 2 * 10 + 1 + random_() % 2)};
            w.channel = random_() % 2 == 0 ? channel::chat : channel::email;
            w.enqueued_at = clock_;
            if (random_() % 2 == 0) w.skills = {{a}};
            tickets_.push_back(w);
            moods_.push_back(random_() % 10);
        }
    }

    /// Everything decided about the first half, with or without the second one there.
    std::vector<std::string> first_half(bool alone) {
        engine e;
        decisions out;
        std::vector<std::string> said;
        const auto wanted = [&](std::int64_t id) { return !alone || id < 10; };
        timestamp now = tickets_[0].enqueued_at;
        for (const auto& q : queues_)
            if (wanted(q.id)) EXPECT_TRUE(e.put(q, now, out));
        for (const auto& c : agents_)
            if (wanted(c.id)) {
                EXPECT_TRUE(e.put(c, now, out));
                e.presence(c.id, all_channels, now, out);
            }
        e.start(now, out);
        for (const auto& t : tickets_) {
            now = t.enqueued_at;
            if (wanted(t.queue)) e.waiting(t, now, out);
            e.advance(now, out);
            for (auto made = std::exchange(out, {}); !made.empty(); made = std::exchange(out, {}))
                for (auto& d : made) {
                    if (auto* o = std::get_if<make_offer>(&d)) {
                        const auto mood = moods_[static_cast<std::size_t>(o->ticket) - 1];
                        if (mood < 6) e.accepted(o->ticket, o->agent, now, out);
                        if (mood < 3) e.released(o->ticket, o->agent, now, out);
                        if (o->queue >= 10) continue;
                    }
                    if (const auto* x = std::get_if<end_offer>(&d); x != nullptr && x->agent >= 10) continue;
                    if (const auto* x = std::get_if<step_taken>(&d); x != nullptr && x->queue >= 10) continue;
                    if (const auto* x = std::get_if<set_not_ready>(&d); x != nullptr && x->agent >= 10) continue;
                    if (const auto* x = std::get_if<park_item>(&d); x != nullptr && x->agent >= 10) continue;
                    if (const auto* x = std::get_if<resume_item>(&d); x != nullptr && x->agent >= 10) continue;
                    if (const auto* x = std::get_if<clear_refusals>(&d);
                        x != nullptr && tickets_[static_cast<std::size_t>(x->ticket) - 1].queue >= 10)
                        continue;
                    if (auto* o = std::get_if<make_offer>(&d)) o->facts.signed_in = 0; // of the whole house
                    if (auto* o = std::get_if<make_offer>(&d);
                        o != nullptr && o->facts.policy == agent_policy::round_robin)
                        o->facts.score = 0; // a number of the whole house; only its order means something
                    said.push_back(describe(d));
                }
        }
        return said;
    }

private:
    std::mt19937_64 random_;
    timestamp clock_{seconds{1'700'000'000}};
    std::vector<queue_config> queues_;
    std::vector<agent_config> agents_;
    std::vector<waiting_ticket> tickets_;
    std::vector<std::uint64_t> moods_;
};

TEST(metamorphic, what_happens_in_one_component_leaves_the_decisions_of_another_as_they_are) {
    std::size_t decided = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        two_halves world(seed);
        const auto together = world.first_half(false);
        EXPECT_EQ(together, world.first_half(true)) << "seed " << seed;
        decided += together.size();
    }
    EXPECT_GT(decided, 10'000u);
}

} // namespace
} // namespace switchboard::routing
