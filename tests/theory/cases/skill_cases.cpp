#include "theory/exact/fcfs_alis.hpp"
#include "theory/report.hpp"

#include <fmt/format.h>

namespace switchboard::theory {

namespace {

using routing::class_figures;

struct agent_kind {
    std::string skills; // a letter each
    int count = 1;
    double speed = 1;
};

struct skill_case {
    const char* name;
    std::vector<std::pair<char, double>> types;
    std::vector<agent_kind> agents;
    double within, horizon;
};

network_law compare(report& r, const skill_case& c) {
    skill_network network;
    routing::scenario s{.service_level_s = c.within};
    std::vector<std::size_t> first; // server of each kind
    for (const auto& kind : c.agents) {
        std::map<std::string, int> levels;
        for (const char skill : kind.skills) levels[{skill}] = 1;
        s.agents.push_back(people(kind.count, levels, kind.speed));
        first.push_back(network.servers.size());
        network.servers.insert(network.servers.end(), static_cast<std::size_t>(kind.count), kind.speed);
    }
    for (const auto& [skill, rate] : c.types) {
        s.classes.push_back(calls({skill}, rate));
        s.classes.back().skills = {{std::string{skill}, 1}};
        customer_type type{.rate = rate};
        for (std::size_t k = 0; k < c.agents.size(); ++k)
            if (c.agents[k].skills.contains(skill)) type.servers |= ((1u << c.agents[k].count) - 1) << first[k];
        network.types.push_back(type);
    }
    r.section(fmt::format("Skills, FCFS-ALIS: {}", c.name));
    const auto result = r.run(finish(s, c.horizon));
    const auto law = law_of(network, c.within);
    for (std::size_t t = 0; t < law.types.size(); ++t) {
        const auto name = c.types[t].first;
        r.exact(fmt::format("P(wait) {}", name), law.types[t].p_wait, of_class(result, t, &class_figures::p_wait));
        r.exact(fmt::format("mean wait {}", name), law.types[t].mean_wait,
                of_class(result, t, &class_figures::mean_wait_s));
        r.exact(fmt::format("served within {}, {}", c.within, name), law.types[t].service_level,
                of_class(result, t, &class_figures::service_level));
    }
    for (std::size_t k = 0; k < c.agents.size(); ++k)
        r.exact(fmt::format("occupancy {{{}}}", c.agents[k].skills), law.busy[first[k]], occupancy(result, k));
    return law;
}

} // namespace

void skill_cases(report& r) {
    const auto law =
        compare(r, {"{a} {ab} {b}, lambda 1.2, .9", {{'a', 1.2}, {'b', .9}}, {{"a"}, {"ab"}, {"b"}}, 1, 1e5});
    r.printed("P(wait) a", law.types[0].p_wait, .61691, 5);
    r.printed("P(wait) b", law.types[1].p_wait, .52724, 5);
    r.printed("mean wait a", law.types[0].mean_wait, .95943, 5);
    r.printed("mean wait b", law.types[1].mean_wait, .69451, 5);
    r.printed("occupancy {a}", law.busy[0], .7044, 4);
    r.printed("occupancy {ab}", law.busy[1], .7903, 4);
    r.printed("occupancy {b}", law.busy[2], .6053, 4);

    compare(r,
            {"N: {a} of speed .8, {ab} of speed 1.3", {{'a', .7}, {'b', .5}}, {{"a", 1, .8}, {"ab", 1, 1.3}}, .5, 1e5});
    compare(r, {"W: {ab} {bc}, three types", {{'a', .5}, {'b', .5}, {'c', .6}}, {{"ab"}, {"bc"}}, 1, 2e5});
    compare(r, {"a ring of three skills, two agents each",
                {{'a', 1.8}, {'b', 1.5}, {'c', 1.2}},
                {{"ab", 2}, {"bc", 2}, {"ca", 2}},
                .2,
                2e5});
    compare(r, {"specialists, generalists of other speeds, a captive type",
                {{'a', 2.0}, {'b', 1.0}, {'c', 1.5}},
                {{"a", 2}, {"ab", 1, 1.5}, {"bc", 2, .9}, {"abc", 1, .7}},
                .3,
                5e4});
}

} // namespace switchboard::theory
