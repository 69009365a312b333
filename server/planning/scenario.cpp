#include <switchboard/planning/simulator.hpp>

#include <switchboard/util/json.hpp>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace switchboard::routing {

namespace {

using nlohmann::json;
using errors = std::vector<config_error>;

constexpr int max_replications = 100'000, max_agents = 100'000;
constexpr std::size_t max_classes = 1'000;

/// An object's fields; what is wrong goes to one list. A field that is absent or null leaves the default as it is.
class object_reader {
public:
    object_reader(const json& object, std::string path, errors& wrong)
        : object_(object), path_(std::move(path)), wrong_(wrong) {
        if (!object.is_object()) complain("", "must be an object");
    }

    void complain(const std::string& field, std::string message) {
        wrong_.push_back({path_ + (path_.empty() || field.empty() ? "" : ".") + field, std::move(message)});
    }

    /// The field if it is there and not null.
    const json* find(const std::string& name) {
        known_.insert(name);
        if (!object_.is_object()) return nullptr;
        const auto it = object_.find(name);
        return it == object_.end() || it->is_null() ? nullptr : &*it;
    }

    template <class T>
    bool number(const std::string& name, T& to, T least, T most, bool least_itself = true) {
        const auto* v = find(name);
        if (v == nullptr) return false;
        constexpr bool whole = std::is_integral_v<T>;
        // 1e6 is a whole number too
        const bool fits =
            v->is_number() && (!whole || v->is_number_integer() ||
                               (v->is_number_float() && std::floor(v->get<double>()) == v->get<double>()));
        const auto above = v->is_number() && (least_itself ? v->get<double>() >= static_cast<double>(least)
                                                           : v->get<double>() > static_cast<double>(least));
        if (!fits || !above || v->get<double>() > static_cast<double>(most)) {
            complain(name, fmt::format("must be a {}number {} {} and at most {}", whole ? "whole " : "",
                                       least_itself ? "of at least" : "above", least, most));
            return false;
        }
        to = v->is_number_float() ? static_cast<T>(v->get<double>()) : v->get<T>();
        return true;
    }

    bool flag(const std::string& name, bool& to) {
        const auto* v = find(name);
        if (v == nullptr) return false;
        if (!v->is_boolean()) return complain(name, "must be true or false"), false;
        to = v->get<bool>();
        return true;
    }

    bool text(const std::string& name, std::string& to) {
        const auto* v = find(name);
        if (v == nullptr) return false;
        if (!v->is_string()) return complain(name, "must be a string"), false;
        to = v->get<std::string>();
        return true;
    }

    /// One of a few words.
    template <enumeration E>
    void word(const std::string& name, E& to) {
        std::string value;
        if (!text(name, value)) return;
        if (const auto known = named_value<E>(value))
            to = *known;
        else
            complain(name, fmt::format("must be one of {}", fmt::join(all_names<E>(), ", ")));
    }

    template <class Item>
    void each_pair(const std::string& name, const Item& item) {
        const auto* v = find(name);
        if (v == nullptr) return;
        if (!v->is_object()) return complain(name, "must be an object");
        object_reader inner(*v, path_ + (path_.empty() ? "" : ".") + name, wrong_);
        for (const auto& [key, unused] : v->items()) item(inner, key);
    }

    void levels(const std::string& name, std::map<std::string, int>& to) {
        each_pair(name, [&](object_reader& in, const std::string& key) { in.number(key, to[key], 1, 10); });
    }

    void refuse_unknown() {
        if (!object_.is_object()) return;
        for (const auto& [key, unused] : object_.items())
            if (!known_.contains(key)) complain(key, "is not a field of a scenario");
    }

private:
    const json& object_;
    std::string path_;
    errors& wrong_;
    std::set<std::string, std::less<>> known_;
};

constexpr double longest = 1e12;

void read_cv2(object_reader& in, const std::string& name, random_time& to) {
    if (in.number(name, to.cv2, 0.0, 1000.0) && to.cv2 != 0 && to.cv2 < 0.001)
        in.complain(name, "must be 0 or at least 0.001");
}

customer_class read_class(object_reader& in) {
    customer_class c;
    if (!in.text("name", c.name) || c.name.empty()) in.complain("name", "is needed");
    if (std::string name; in.text("channel", name)) {
        if (const auto known = named_value<channel>(name))
            c.channel = *known;
        else
            in.complain("channel", "must be one of phone, chat, email, fax, post, walkin, social");
    }
    in.flag("endless", c.endless);
    double rate = 0;
    const bool has_rate = in.find("arrivals_per_s") != nullptr;
    if (in.number("arrivals_per_s", rate, 0.0, 1e9)) c.gap.mean = 1 / rate;
    if (has_rate == c.endless)
        in.complain("arrivals_per_s", c.endless ? "must be null for an endless class" : "is needed");
    read_cv2(in, "arrivals_cv2", c.gap);

    if (in.find("handle_s") == nullptr) in.complain("handle_s", "is needed");
    in.number("handle_s", c.handle.mean, 0.0, longest, false);
    if (in.find("cv2") != nullptr && in.find("handle_cv2") != nullptr)
        in.complain("cv2", "means handle_cv2; give one of them");
    read_cv2(in, "cv2", c.handle);
    read_cv2(in, "handle_cv2", c.handle);

    if (random_time patience; in.number("patience_s", patience.mean, 0.0, longest)) c.patience = patience;
    if (in.find("patience_cv2") != nullptr && !c.patience) in.complain("patience_cv2", "needs patience_s");
    if (random_time unused; true) read_cv2(in, "patience_cv2", c.patience ? *c.patience : unused);
    if (c.endless && c.patience) in.complain("patience_s", "must be null for an endless class");

    in.levels("skills", c.skills);
    in.number("tier", c.tier, 0, 3);
    in.number("priority", c.priority, 0, 9);
    if (std::int64_t most = 0; in.number("max_waiting", most, std::int64_t{0}, std::int64_t{1'000'000'000}))
        c.max_waiting = most;
    if (c.endless && c.max_waiting) in.complain("max_waiting", "must be null for an endless class");
    in.flag("interruptible", c.interruptible);
    in.refuse_unknown();
    return c;
}

agent_group read_agents(object_reader& in, const std::vector<customer_class>& classes) {
    agent_group g;
    if (!in.text("name", g.name) || g.name.empty()) in.complain("name", "is needed");
    in.number("count", g.count, 1, max_agents);
    in.levels("skills", g.skills);
    in.number("speed", g.speed, 0.0, 1e9, false);
    if (in.find("channels") == nullptr)
        for (const auto& c : classes) g.channels[static_cast<std::size_t>(c.channel)] = 1;
    in.each_pair("channels", [&](object_reader& inner, const std::string& key) {
        const auto known = named_value<channel>(key);
        if (!known) return inner.complain(key, "is not a channel");
        inner.number(key, g.channels[static_cast<std::size_t>(*known)], 0, 1'000);
    });
    in.refuse_unknown();
    return g;
}

template <class T, class Read>
std::vector<T> read_list(object_reader& in, const json& root, const std::string& name, errors& wrong,
                         const Read& read) {
    std::vector<T> list;
    const auto* v = in.find(name);
    if (v == nullptr || !v->is_array() || v->empty()) {
        if (root.is_object()) in.complain(name, "must be a list with at least one entry");
        return list;
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < v->size(); ++i) {
        object_reader entry((*v)[i], fmt::format("{}[{}]", name, i), wrong);
        list.push_back(read(entry));
        if (!list.back().name.empty() && !names.insert(list.back().name).second)
            entry.complain("name", "stands there twice");
    }
    return list;
}

/// Without the order fqr they are checked and mean nothing. Classes that are not named share evenly what the named ones
/// leave.
void read_shares(object_reader& in, scenario& s) {
    const bool given = in.find("fqr") != nullptr;
    if (!given && s.order == order_mode::fqr) in.complain("fqr", "is needed with the order fqr");
    double sum = 0;
    std::size_t named = 0;
    in.each_pair("fqr", [&](object_reader& shares, const std::string& name) {
        const auto it = std::ranges::find(s.classes, name, &customer_class::name);
        if (it == s.classes.end()) return shares.complain(name, "is not a class");
        double share = 0;
        if (!shares.number(name, share, 0.0, 1.0)) return;
        it->queue_share = share;
        sum += share;
        ++named;
    });
    if (sum > 1 + 1e-9) in.complain("fqr", "the shares are more than 1 together");
    if (!given) return;
    for (auto& c : s.classes)
        if (!c.queue_share) c.queue_share = std::max(0.0, 1 - sum) / static_cast<double>(s.classes.size() - named);
}

} // namespace

std::expected<scenario, errors> parse_scenario(std::string_view text) {
    const auto root = outside_json(text);
    if (!root) return std::unexpected(errors{{"", "is " + root.error()}});
    errors wrong;
    scenario s;
    object_reader in(*root, "", wrong);
    in.number("seed", s.seed, std::uint64_t{0}, std::uint64_t{1} << 63);
    in.number("replications", s.replications, 1, max_replications);
    in.number("horizon_s", s.horizon_s, 0.0, longest, false);
    s.warmup_s = s.horizon_s / 10;
    in.number("warmup_s", s.warmup_s, 0.0, longest);
    if (s.warmup_s >= s.horizon_s) in.complain("warmup_s", "must be before horizon_s");
    in.number("service_level_s", s.service_level_s, 0.0, longest);
    in.word("agent_policy", s.policy);
    in.word("order", s.order);
    if (std::int64_t most = 0; in.number("max_waiting_total", most, std::int64_t{0}, std::int64_t{1'000'000'000}))
        s.max_waiting_total = most;
    in.number("idle_reserve", s.idle_reserve, 0, max_agents);

    s.classes = read_list<customer_class>(in, *root, "classes", wrong, read_class);
    if (s.classes.size() > max_classes) in.complain("classes", fmt::format("at most {}", max_classes));
    s.agents = read_list<agent_group>(in, *root, "agents", wrong,
                                      [&](object_reader& entry) { return read_agents(entry, s.classes); });
    std::int64_t people = 0;
    for (const auto& g : s.agents) people += g.count;
    if (people > max_agents) in.complain("agents", fmt::format("at most {} together", max_agents));
    read_shares(in, s);
    in.refuse_unknown();
    if (!wrong.empty()) return std::unexpected(std::move(wrong));
    return s;
}

} // namespace switchboard::routing
