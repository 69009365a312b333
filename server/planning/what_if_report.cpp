#include <switchboard/planning/what_if.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace switchboard::routing {

namespace {

using nlohmann::ordered_json;

ordered_json number(const std::optional<double>& v) {
    return v ? ordered_json(*v) : ordered_json(nullptr);
}

ordered_json figure(const simulated_figure& f) {
    return {{"mean", number(f.mean)}, {"low", number(f.low)}, {"high", number(f.high)}};
}

ordered_json world(const simulated_world& w) {
    ordered_json lines = ordered_json::array(), agents = ordered_json::array(), hours = ordered_json::array();
    for (const auto& l : w.lines)
        lines.push_back({{"queue", {{"id", l.queue.id}, {"name", l.queue.name}}},
                         {"channel", l.channel},
                         {"within_s", l.within_s},
                         {"offered", figure(l.offered)},
                         {"answered", figure(l.answered)},
                         {"abandoned", figure(l.abandoned)},
                         {"turned_away", figure(l.turned_away)},
                         {"mean_wait_s", figure(l.mean_wait_s)},
                         {"service_level", figure(l.service_level)}});
    for (const auto& a : w.agents)
        agents.push_back({{"agent", {{"id", a.agent.id}, {"name", a.agent.name}}}, {"occupancy", figure(a.occupancy)}});
    for (const auto& h : w.hours)
        hours.push_back({{"hour", h.hour},
                         {"offered", figure(h.offered)},
                         {"mean_wait_s", figure(h.mean_wait_s)},
                         {"service_level", figure(h.service_level)}});
    return {{"lines", lines}, {"agents", agents}, {"hours", hours}};
}

/// "12.3 ± 0.4", right-aligned; "–" where nothing happened.
std::string cell(const simulated_figure& f, double unit, int digits) {
    if (!f.mean) return "–";
    const auto mean = fmt::format("{:.{}f}", unit * *f.mean, digits);
    return f.high ? fmt::format("{} ± {:.{}f}", mean, unit * (*f.high - *f.mean), digits) : mean;
}

/// fmt counts bytes where the terminal counts characters.
std::string padded(const std::string& text, std::size_t width, bool left = false) {
    std::size_t shown = 0;
    for (const char c : text) shown += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
    const std::string space(width > shown ? width - shown : 0, ' ');
    return left ? text + space : space + text;
}

/// Few of them are told to the tenth.
int digits_of(const simulated_figure& f) {
    return f.mean.value_or(0) < 100 ? 1 : 0;
}

void print_line(std::string& out, const char* world, const std::string& name, const simulated_line& l) {
    out += padded(name, 33, true) + " " + padded(world, 8, true) +
           padded(cell(l.offered, 1, digits_of(l.offered)), 14) +
           padded(cell(l.answered, 1, digits_of(l.answered)), 14) + padded(cell(l.mean_wait_s, 1, 1), 17) +
           padded(cell(l.service_level, 100, 1), 15) + padded(cell(l.abandoned, 1, 1), 14) +
           padded(cell(l.turned_away, 1, 1), 13) + "\n";
}

const simulated_agent* find_agent(const simulated_world& w, std::int64_t id) {
    for (const auto& a : w.agents)
        if (a.agent.id == id) return &a;
    return nullptr;
}

void print_agents(std::string& out, const simulation& s) {
    const auto row = [&](const std::string& name, const simulated_agent* before, const simulated_agent* after) {
        const auto of = [](const simulated_agent* a) {
            return a ? cell(a->occupancy, 100, 1) : std::string{"not there"};
        };
        out += padded(name, 35, true) + padded(of(before), 18) + padded(of(after), 18) + "\n";
    };
    out += "\n" + padded("occupancy, %", 35, true) + padded("as it is", 18) + padded("what if", 18) + "\n";
    for (const auto& a : s.as_is.agents) row(a.agent.name, &a, find_agent(s.changed, a.agent.id));
    for (const auto& a : s.changed.agents)
        if (!find_agent(s.as_is, a.agent.id)) row(a.agent.name, nullptr, &a);
}

} // namespace

std::string to_json(const simulation& s) {
    ordered_json differences = ordered_json::array();
    for (const auto& d : s.differences)
        differences.push_back({{"queue", {{"id", d.queue.id}, {"name", d.queue.name}}},
                               {"channel", d.channel},
                               {"mean_wait_s", figure(d.mean_wait_s)},
                               {"service_level", figure(d.service_level)},
                               {"abandoned", figure(d.abandoned)}});
    const ordered_json all{{"recorded_from", to_rfc3339(s.recorded_from)},
                           {"recorded_until", to_rfc3339(s.recorded_until)},
                           {"time_zone", s.time_zone},
                           {"simulated_hours", s.simulated_hours},
                           {"replications", s.replications},
                           {"as_is", world(s.as_is)},
                           {"changed", world(s.changed)},
                           {"differences", differences},
                           {"notes", s.notes}};
    return all.dump(2);
}

std::string to_text(const simulation& s) {
    auto out =
        fmt::format("{} hours, {} replications; recorded from {} to {}. Mean ± half of the 95 % interval.\n\n",
                    s.simulated_hours, s.replications, to_rfc3339(s.recorded_from), to_rfc3339(s.recorded_until));
    out += padded("queue, channel", 33, true) + padded("", 9) + padded("offered", 14) + padded("answered", 14) +
           padded("mean wait, s", 17) + padded("in time, %", 15) + padded("abandoned", 14) + padded("turned away", 13) +
           "\n";
    for (std::size_t i = 0; i < s.as_is.lines.size(); ++i) {
        const auto& l = s.as_is.lines[i];
        const auto& d = s.differences[i];
        print_line(out, "as it is", fmt::format("{}, {} ({:.0f} s)", l.queue.name, l.channel, l.within_s), l);
        print_line(out, "what if", "", s.changed.lines[i]);
        out += padded("", 34) + padded("change", 36, true) + padded(cell(d.mean_wait_s, 1, 1), 17) +
               padded(cell(d.service_level, 100, 1), 15) + padded(cell(d.abandoned, 1, 1), 14) + "\n";
    }
    print_agents(out, s);
    out += '\n';
    for (const auto& n : s.notes) out += "* " + n + "\n";
    return out;
}

} // namespace switchboard::routing
