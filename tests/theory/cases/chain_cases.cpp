// Small systems without a closed form, solved as Markov chains.

#include "theory/exact/markov_chain.hpp"
#include "theory/report.hpp"

#include <switchboard/planning/erlang.hpp>

#include <algorithm>
#include <string>
#include <tuple>

namespace switchboard::theory {

namespace {

using routing::class_figures;

/// Two tiers and patience: who waits in the first is served first, and everybody who waits may leave.
void impatient_tiers(report& r) {
    constexpr int agents = 4, most = 45;
    constexpr std::array<double, 2> rates{2.2, 2.4}, leave{.5, .25};
    r.section("Two tiers, both overloading 4 agents together, mean patience 2 and 4 handling times");
    routing::scenario s{.agents = {people(agents)}};
    for (std::size_t k = 0; k < 2; ++k) {
        s.classes.push_back(calls("tier " + std::to_string(k), rates[k]));
        s.classes[k].patience = {1 / leave[k]};
        s.classes[k].tier = static_cast<int>(k);
    }
    const auto result = r.run(finish(s, 2e4));

    using state = std::array<int, 3>; // busy, waiting in each tier
    const auto law = stationary_law<state>({0, 0, 0}, [&](const state& at, auto&& go) {
        const auto [busy, a, b] = at;
        if (busy < agents)
            go({busy + 1, 0, 0}, rates[0] + rates[1]);
        else {
            if (a < most) go({busy, a + 1, b}, rates[0]);
            if (b < most) go({busy, a, b + 1}, rates[1]);
        }
        if (a > 0)
            go({busy, a - 1, b}, busy + a * leave[0]);
        else if (b > 0)
            go({busy, 0, b - 1}, busy);
        else if (busy > 0)
            go({busy - 1, 0, 0}, busy);
        if (b > 0) go({busy, a, b - 1}, b * leave[1]);
    });
    for (std::size_t k = 0; k < 2; ++k) {
        const double queue = mean_of(law, [k](const state& x) { return x[k + 1]; });
        const auto tier = "tier " + std::to_string(k) + ": ";
        r.exact(tier + "P(wait)", mean_of(law, [](const state& x) { return x[0] == agents; }),
                of_class(result, k, &class_figures::p_wait));
        r.exact(tier + "mean wait of all", queue / rates[k], of_class(result, k, &class_figures::mean_wait_s));
        r.exact(tier + "P(abandon)", queue * leave[k] / rates[k], of_class(result, k, &class_figures::p_abandon));
    }
}

/// {a} and {ab}, calls of two lengths, patience: the chain knows who is served by whom, who has been idle longer, and
/// the whole queue in its order.
void impatient_skills(report& r) {
    constexpr std::size_t most = 11;
    constexpr double rate_a = 1.1, rate_b = .6, end_a = 1, end_b = .7, leave = 1.25;
    r.section("Skills {a} {ab}, calls of b longer, mean patience .8");
    routing::scenario s{.agents = {people(1, {{"a", 1}}), people(1, {{"a", 1}, {"b", 1}})}};
    s.classes = {calls("a", rate_a, 1 / end_a), calls("b", rate_b, 1 / end_b)};
    s.classes[0].skills = {{"a", 1}};
    s.classes[1].skills = {{"b", 1}};
    for (auto& c : s.classes) c.patience = {1 / leave};
    const auto result = r.run(finish(s, 5e4));

    constexpr char idle = '-';
    using state = std::tuple<char, char, bool, std::string>; // what each serves; the second is idle longer; the queue
    const auto end_of = [](char c) { return c == 'a' ? end_a : end_b; };
    const auto law = stationary_law<state>({idle, idle, false, ""}, [&](const state& at, auto&& go) {
        const auto& [one, two, second_longer, queue] = at;
        if (one == idle && (two != idle || !second_longer))
            go(state{'a', two, true, queue}, rate_a);
        else if (two == idle)
            go(state{one, 'a', false, queue}, rate_a);
        else if (queue.size() < most)
            go(state{one, two, false, queue + 'a'}, rate_a);
        if (two == idle)
            go(state{one, 'b', false, queue}, rate_b);
        else if (queue.size() < most)
            go(state{one, two, second_longer, queue + 'b'}, rate_b);
        for (std::size_t i = 0; i < queue.size(); ++i) {
            auto left = queue;
            left.erase(i, 1);
            go(state{one, two, second_longer, left}, leave);
        }
        if (one != idle) {
            auto rest = queue;
            const auto first = rest.find('a');
            if (first == std::string::npos)
                go(state{idle, two, two == idle, rest}, end_of(one));
            else
                go(state{'a', two, false, rest.erase(first, 1)}, end_of(one));
        }
        if (two != idle) {
            if (queue.empty())
                go(state{one, idle, one != idle, queue}, end_of(two));
            else
                go(state{one, queue[0], second_longer, queue.substr(1)}, end_of(two));
        }
    });
    const auto waiting = [&](char type) {
        return mean_of(law, [type](const state& x) { return std::ranges::count(std::get<3>(x), type); });
    };
    r.exact("P(wait) a", mean_of(law, [](const state& x) { return std::get<0>(x) != idle && std::get<1>(x) != idle; }),
            of_class(result, 0, &class_figures::p_wait));
    r.exact("P(wait) b", mean_of(law, [](const state& x) { return std::get<1>(x) != idle; }),
            of_class(result, 1, &class_figures::p_wait));
    r.exact("mean wait of all a", waiting('a') / rate_a, of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("mean wait of all b", waiting('b') / rate_b, of_class(result, 1, &class_figures::mean_wait_s));
    r.exact("P(abandon) a", waiting('a') * leave / rate_a, of_class(result, 0, &class_figures::p_abandon));
    r.exact("P(abandon) b", waiting('b') * leave / rate_b, of_class(result, 1, &class_figures::p_abandon));
    r.exact("occupancy {a}", mean_of(law, [](const state& x) { return std::get<0>(x) != idle; }), occupancy(result, 0));
    r.exact("occupancy {ab}", mean_of(law, [](const state& x) { return std::get<1>(x) != idle; }),
            occupancy(result, 1));
}

/// Agents who chat with three at once are three agents each.
void chats(report& r) {
    r.section("Chats: 4 agents with 3 chats at once are Erlang C with 12 agents, 10 erlangs");
    auto s = finish(one_pool(10, 1, 4), 5e4);
    s.service_level_s = .3;
    s.classes[0].channel = routing::channel::chat;
    s.agents[0].channels[static_cast<std::size_t>(routing::channel::chat)] = 3;
    const auto result = r.run(s);
    const auto pool = *routing::erlang_c({10, 1}, 12, s.service_level_s);
    r.exact("P(wait)", pool.p_wait, of_class(result, 0, &class_figures::p_wait));
    r.exact("mean wait", pool.mean_wait_s, of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("service level", pool.service_level, of_class(result, 0, &class_figures::service_level));
    r.exact("occupancy", pool.occupancy, occupancy(result, 0));
}

} // namespace

void chain_cases(report& r) {
    impatient_tiers(r);
    impatient_skills(r);
    chats(r);
}

} // namespace switchboard::theory
