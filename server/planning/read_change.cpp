#include <switchboard/planning/what_if.hpp>

#include <switchboard/util/json.hpp>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace switchboard::routing {

namespace {

using nlohmann::json;
using errors = std::vector<config_error>;
using names = std::map<std::int64_t, std::string>;

/// Reads the file's object; each wrong part is told with its path.
class reader {
public:
    reader(const recorded_traffic& t, errors& wrong) : known_{t}, wrong_{wrong} {
        for (const auto& q : t.configuration.queues) queues_[q.id] = q.name;
    }

    what_if read(const json& root) {
        what_if out;
        if (!object(root, "", {"arrivals", "agents", "remove_agents", "add_agents", "queues"})) return out;
        if (root.contains("arrivals")) out.arrivals = number<double>(root["arrivals"], "arrivals");
        each(root, "agents", [&](const std::string& login, const json& v) { out.agents.push_back(agent(login, v)); });
        items(root, "remove_agents", "", [&](const json& v, const std::string& path) {
            what_if_agent gone;
            gone.agent_id = id_of(known_.logins, v, path, "agent");
            gone.absent = true;
            out.agents.push_back(gone);
        });
        items(root, "add_agents", "", [&](const json& v, const std::string& path) {
            what_if_colleagues more;
            if (!object(v, path, {"like", "count", "skills"})) return;
            more.like_agent_id = id_of(known_.logins, v.value("like", json{}), path + ".like", "agent");
            if (v.contains("count")) more.count = number<std::int64_t>(v["count"], path + ".count");
            more.skills = levels(v, path);
            out.colleagues.push_back(std::move(more));
        });
        each(root, "queues", [&](const std::string& name, const json& v) { out.queues.push_back(queue(name, v)); });
        return out;
    }

private:
    void complain(std::string field, std::string message) { wrong_.push_back({std::move(field), std::move(message)}); }

    bool object(const json& v, const std::string& path, const std::set<std::string>& fields) {
        if (!v.is_object()) return complain(path, "must be an object"), false;
        for (const auto& [key, unused] : v.items())
            if (!fields.contains(key)) complain(path.empty() ? key : path + "." + key, "is not a field of it");
        return true;
    }

    template <class F>
    void each(const json& in, const std::string& field, F take) {
        if (!in.contains(field)) return;
        if (!in[field].is_object()) return complain(field, "must be an object");
        for (const auto& [key, v] : in[field].items()) take(key, v);
    }

    template <class F>
    void items(const json& in, const std::string& field, const std::string& path, F take) {
        if (!in.contains(field)) return;
        const auto here = path.empty() ? field : path + "." + field;
        if (!in[field].is_array()) return complain(here, "must be a list");
        for (std::size_t i = 0; i < in[field].size(); ++i) take(in[field][i], fmt::format("{}[{}]", here, i));
    }

    template <class T>
    T number(const json& v, const std::string& path) {
        if (std::is_same_v<T, double> ? v.is_number() : v.is_number_integer()) return v.get<T>();
        complain(path, std::is_same_v<T, double> ? "must be a number" : "must be a whole number");
        return {};
    }

    std::int64_t id_of(const names& in, const json& name, const std::string& path, const char* noun) {
        if (name.is_string())
            for (const auto& [id, known] : in)
                if (known == name.get_ref<const std::string&>()) return id;
        complain(path, fmt::format("there is no such {}", noun));
        return 0;
    }

    std::vector<what_if_skill> levels(const json& in, const std::string& path) {
        std::vector<what_if_skill> out;
        if (!in.contains("skills")) return out;
        if (!in["skills"].is_object()) return complain(path + ".skills", "must be an object"), out;
        for (const auto& [name, level] : in["skills"].items())
            out.push_back({id_of(known_.skills, name, path + ".skills." + name, "skill"),
                           number<std::int64_t>(level, path + ".skills." + name)});
        return out;
    }

    std::vector<what_if_opening> openings(const json& in, const std::string& field, const std::string& path) {
        static constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
        std::vector<what_if_opening> out;
        items(in, field, path, [&](const json& v, const std::string& here) {
            what_if_opening o;
            if (!object(v, here, {"days", "from", "until"})) return;
            items(v, "days", here, [&](const json& day, const std::string& place) {
                const auto at =
                    day.is_string() ? std::ranges::find(days, day.get_ref<const std::string&>()) : days.end();
                if (at == days.end()) return complain(place, "must be mon, tue, wed, thu, fri, sat or sun");
                o.days.push_back(at - days.begin() + 1);
            });
            if (v.contains("from")) o.from_hour = number<std::int64_t>(v["from"], here + ".from");
            if (v.contains("until")) o.until_hour = number<std::int64_t>(v["until"], here + ".until");
            out.push_back(std::move(o));
        });
        return out;
    }

    what_if_agent agent(const std::string& login, const json& v) {
        const auto path = "agents." + login;
        what_if_agent out;
        out.agent_id = id_of(known_.logins, login, path, "agent");
        if (!object(v, path, {"skills", "join", "leave", "grade", "hours"})) return out;
        out.skills = levels(v, path);
        items(v, "join", path,
              [&](const json& q, const std::string& here) { out.join.push_back(id_of(queues_, q, here, "queue")); });
        items(v, "leave", path,
              [&](const json& q, const std::string& here) { out.leave.push_back(id_of(queues_, q, here, "queue")); });
        if (v.contains("grade")) out.grade = number<std::int64_t>(v["grade"], path + ".grade");
        if (v.contains("hours")) out.hours = openings(v, "hours", path);
        return out;
    }

    what_if_queue queue(const std::string& name, const json& v) {
        const auto path = "queues." + name;
        what_if_queue out;
        out.queue_id = id_of(queues_, name, path, "queue");
        if (!object(v, path,
                    {"arrivals", "handling", "order_mode", "agent_policy", "closed_action", "max_waiting", "overflow",
                     "idle_reserve", "boost_s", "sla_target_s", "fqr_percent", "interruptible", "steps", "open"}))
            return out;
        const auto factor = [&](const char* field, std::optional<double>& to) {
            if (v.contains(field)) to = number<double>(v[field], path + "." + field);
        };
        const auto whole = [&](const char* field, std::optional<std::int64_t>& to) {
            if (v.contains(field)) to = number<std::int64_t>(v[field], path + "." + field);
        };
        const auto word = [&](const char* field, auto& to) {
            if (!v.contains(field)) return;
            if (!v[field].is_string()) return complain(path + "." + field, "must be a string");
            value_named(v[field].get<std::string>(), to.emplace(), path + "." + field);
        };
        factor("arrivals", out.arrivals);
        factor("handling", out.handling);
        word("order_mode", out.order_mode);
        word("agent_policy", out.agent_policy);
        word("closed_action", out.closed_action);
        if (v.contains("max_waiting") && v["max_waiting"].is_null())
            out.max_waiting = -1;
        else
            whole("max_waiting", out.max_waiting);
        if (v.contains("overflow"))
            out.overflow_queue_id =
                v["overflow"].is_null() ? 0 : id_of(queues_, v["overflow"], path + ".overflow", "queue");
        whole("idle_reserve", out.idle_reserve);
        whole("boost_s", out.boost_s);
        whole("sla_target_s", out.sla_target_s);
        whole("fqr_percent", out.fqr_percent);
        if (v.contains("interruptible")) {
            if (v["interruptible"].is_boolean())
                out.interruptible = v["interruptible"].get<bool>() ? 1 : 0;
            else
                complain(path + ".interruptible", "must be true or false");
        }
        if (v.contains("steps")) out.steps = steps(v, path);
        if (v.contains("open")) out.open = openings(v, "open", path);
        return out;
    }

    template <enumeration E>
    void value_named(const std::string& given, E& to, const std::string& path) {
        if (const auto known = named_value<E>(given))
            to = *known;
        else
            complain(path, fmt::format("must be one of {}", fmt::join(all_names<E>(), ", ")));
    }

    std::vector<queue_step> steps(const json& in, const std::string& path) {
        std::vector<queue_step> out;
        items(in, "steps", path, [&](const json& v, const std::string& here) {
            queue_step s;
            if (!object(v, here, {"after_s", "skip_if", "changes"})) return;
            s.after_s = number<std::int64_t>(v.value("after_s", json{}), here + ".after_s");
            if (v.contains("skip_if") && v["skip_if"].is_string())
                value_named(v["skip_if"].get<std::string>(), s.skip_if, here + ".skip_if");
            items(v, "changes", here, [&](const json& c, const std::string& place) {
                if (!object(c, place, {"what", "skill", "queue", "value"})) return;
                step_change one;
                if (step_kind what{}; c.contains("what") && c["what"].is_string()) {
                    value_named(c["what"].get<std::string>(), what, place + ".what");
                    one.what = what;
                } else {
                    complain(place + ".what", "is needed");
                }
                if (c.contains("skill")) one.skill_id = id_of(known_.skills, c["skill"], place + ".skill", "skill");
                if (c.contains("queue")) one.queue_id = id_of(queues_, c["queue"], place + ".queue", "queue");
                if (c.contains("value")) one.value = number<std::int64_t>(c["value"], place + ".value");
                s.changes.push_back(std::move(one));
            });
            out.push_back(std::move(s));
        });
        return out;
    }

    const recorded_traffic& known_;
    errors& wrong_;
    names queues_;
};

} // namespace

std::expected<what_if, errors> parse_what_if(std::string_view text, const recorded_traffic& t) {
    const auto root = outside_json(text);
    if (!root) return std::unexpected(errors{{"", "is " + root.error()}});
    errors wrong;
    auto read = reader{t, wrong}.read(*root);
    if (!wrong.empty()) return std::unexpected(std::move(wrong));
    return read;
}

} // namespace switchboard::routing
