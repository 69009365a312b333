// The engine under a virtual clock against the closed form of Erlang C, case C1 of the routing specification: 200 calls
// an hour of 180 s each for 14 agents; P(wait) .17413, mean wait 7.836 s, answered within 20 s .88835.

#include <switchboard/engine/engine.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace switchboard::routing {
namespace {

struct figures {
    double p_wait = 0, mean_wait = 0, service_level = 0;
};

figures one_run(std::uint64_t seed, int calls) {
    constexpr int agents = 14;
    engine e;
    decisions out;
    timestamp now{};
    std::mt19937_64 random(seed);
    const auto draw = [&](double mean_s) {
        const auto s = std::exponential_distribution{1.0 / mean_s}(random);
        return std::chrono::microseconds{static_cast<std::int64_t>(s * 1e6)};
    };
    EXPECT_TRUE(e.put(queue_config{.id = 1}, now, out));
    for (agent_id a = 1; a <= agents; ++a) {
        EXPECT_TRUE(e.put(agent_config{.id = a, .memberships = {{.queue = 1}}}, now, out));
        e.presence(a, {channel::phone}, now, out);
    }
    e.start(now, out);

    std::multimap<timestamp, make_offer> ends;
    std::map<ticket_id, timestamp> arrived;
    const int warm_up = calls / 10;
    figures f;
    int counted = 0;
    const auto answer = [&] { // at once, as the closed form assumes
        for (const auto& d : std::exchange(out, {})) {
            const auto& o = std::get<make_offer>(d);
            e.accepted(o.ticket, o.agent, now, out);
            ends.emplace(now + draw(180), o);
            const double waited = std::chrono::duration<double>(now - arrived.at(o.ticket)).count();
            arrived.erase(o.ticket);
            if (o.ticket <= warm_up) continue;
            ++counted;
            f.p_wait += waited > 0 ? 1 : 0;
            f.mean_wait += waited;
            f.service_level += waited <= 20 ? 1 : 0;
        }
    };
    auto next_arrival = now + draw(18);
    for (ticket_id id = 1; id <= calls;) {
        if (!ends.empty() && ends.begin()->first <= next_arrival) {
            const auto [at, o] = *ends.begin();
            ends.erase(ends.begin());
            now = at;
            e.released(o.ticket, o.agent, now, out);
        } else {
            now = next_arrival;
            next_arrival += draw(18);
            arrived[id] = now;
            e.waiting({.id = id, .queue = 1, .channel = channel::phone, .enqueued_at = now}, now, out);
            ++id;
        }
        answer();
    }
    return {f.p_wait / counted, f.mean_wait / counted, f.service_level / counted};
}

TEST(erlang_c, case_c1_within_three_standard_errors) {
    constexpr int replications = 20;
    std::vector<figures> runs;
    for (int r = 1; r <= replications; ++r) runs.push_back(one_run(static_cast<std::uint64_t>(r), 50'000));

    const auto check = [&](double figures::* what, double exact, const char* name) {
        double sum = 0, squares = 0;
        for (const auto& f : runs) sum += f.*what;
        const double mean = sum / replications;
        for (const auto& f : runs) squares += (f.*what - mean) * (f.*what - mean);
        const double se = std::sqrt(squares / (replications - 1) / replications);
        EXPECT_LE(std::abs(mean - exact), 3 * se) << name << " " << mean << " +- " << se << ", exact " << exact;
        EXPECT_LE(se, 0.03 * exact) << name; // a test that is not too weak to see anything
    };
    check(&figures::p_wait, .17413, "P(wait)");
    check(&figures::mean_wait, 7.836, "mean wait");
    check(&figures::service_level, .88835, "service level");
}

} // namespace
} // namespace switchboard::routing
