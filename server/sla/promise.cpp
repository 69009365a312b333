#include <switchboard/sla/promise.hpp>

#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace switchboard::sla {

namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr int most_changes = 1000; // of the hours that one call tells: years of them

std::int64_t micros(timestamp t) {
    return t.time_since_epoch().count();
}

std::int64_t whole_seconds(timestamp::duration d) {
    return std::chrono::floor<seconds>(d).count();
}

std::optional<timestamp> moment(const json& c, const char* key) {
    const auto it = c.find(key);
    if (it == c.end()) return std::nullopt;
    return timestamp{timestamp::duration{it->get<std::int64_t>()}};
}

bool is_open(const promise_clock& c) {
    return !c.met_at;
}
bool is_running(const promise_clock& c) {
    return is_open(c) && !c.left && !c.breached;
}

} // namespace

std::array<target, 10> promises_of(const std::string& queue_policy, std::int64_t queue_target_s,
                                   const std::vector<sla_target>& targets, const std::string& hours_policy) {
    std::array<target, 10> out;
    out.fill({queue_policy + hours_policy, queue_target_s, std::nullopt});
    const auto as_target = [&](const sla_target& t) {
        return target{fmt::format("target {} v{}{}", t.id, t.version, hours_policy), t.first_answer_s, t.solution_s};
    };
    for (const auto& t : targets)
        if (!t.priority) out.fill(as_target(t));
    for (const auto& t : targets)
        if (t.priority && *t.priority >= 0 && *t.priority < 10)
            out[static_cast<std::size_t>(*t.priority)] = as_target(t);
    return out;
}

std::string hours_policy(std::int64_t calendar, std::int64_t version) {
    return fmt::format(", calendar {} v{}", calendar, version);
}

promise promise::start(const target& t, const business_hours& hours, timestamp at) {
    promise p;
    p.policy_ = t.policy;
    p.told_until_ = at;
    const auto add = [&](const char* name, std::int64_t target_s) {
        promise_clock c{name, target_s, hours.add(at, seconds{target_s}), {}, {}, false};
        if (!c.due_at) c.left = seconds{target_s}; // it never opens long enough: nothing can be late
        p.clocks_.push_back(std::move(c));
    };
    add("first_answer", t.first_answer_s);
    if (t.solution_s) add("solution", *t.solution_s);
    return p;
}

promise promise::read(std::string_view text) {
    promise p;
    if (text.empty()) return p;
    const auto j = own_json(text);
    p.policy_ = j.at("policy");
    p.told_until_ = *moment(j, "told_until");
    p.started_ = j.at("started");
    p.shut_ = j.at("shut");
    p.waits_ = j.value("waits", false);
    for (const auto& one : j.at("clocks")) {
        promise_clock c;
        c.name = one.at("name");
        c.target_s = one.at("target_s");
        c.due_at = moment(one, "due");
        if (const auto left = one.find("left"); left != one.end()) c.left = duration{left->get<std::int64_t>()};
        c.met_at = moment(one, "met");
        c.breached = one.value("breached", false);
        p.clocks_.push_back(std::move(c));
    }
    return p;
}

// Written for every new ticket, so without a tree in between; the policy is our own word.
std::string promise::text() const {
    if (clocks_.empty()) return {};
    std::string out;
    const auto to = std::back_inserter(out);
    fmt::format_to(to, R"({{"policy":"{}","told_until":{},"started":{},"shut":{}{},"clocks":[)", policy_,
                   micros(told_until_), started_, shut_, waits_ ? R"(,"waits":true)" : "");
    for (const auto& c : clocks_) {
        fmt::format_to(to, R"({}{{"name":"{}","target_s":{})", &c == clocks_.data() ? "" : ",", c.name, c.target_s);
        if (c.due_at) fmt::format_to(to, R"(,"due":{})", micros(*c.due_at));
        if (c.left) fmt::format_to(to, R"(,"left":{})", c.left->count());
        if (c.met_at) fmt::format_to(to, R"(,"met":{})", micros(*c.met_at));
        if (c.breached) out += R"(,"breached":true)";
        out += '}';
    }
    return out + "]}";
}

promise::duration promise::left_of(const promise_clock& c, const business_hours& hours, timestamp at) const {
    if (c.left) return *c.left;
    return c.due_at ? hours.between(at, *c.due_at) : seconds{c.target_s};
}

sla_entry promise::line(const promise_clock& c, std::string_view kind, const business_hours& hours, timestamp at,
                        std::string_view reason) const {
    return {c.name,
            std::string{kind},
            at,
            std::string{reason},
            policy_,
            c.target_s,
            whole_seconds(left_of(c, hours, at)),
            kind == "met" || kind == "withdrawn" ? std::nullopt : c.due_at};
}

/// What the hours did up to `at`, where nothing is missed meanwhile.
void promise::tell_hours(const business_hours& hours, timestamp at, lines& out) {
    const auto turn = [&](timestamp when, bool shut) {
        shut_ = shut;
        for (const auto& c : clocks_)
            if (is_running(c))
                out.push_back(line(c, shut ? "paused" : "resumed", hours, when, shut ? "closed" : "open"));
    };
    // Only what runs can close; what is stopped looks at the hours when it goes on.
    if (std::ranges::none_of(clocks_, is_running)) {
        shut_ = false;
    } else {
        if (const bool shut = !hours.open_at(told_until_); shut != shut_) turn(told_until_, shut);
        auto when = hours.next_change(told_until_);
        for (int i = 0; when && *when <= at && i < most_changes; ++i) {
            turn(*when, !shut_);
            when = hours.next_change(*when);
        }
    }
    told_until_ = std::max(told_until_, at);
}

promise::lines promise::tell(const business_hours& hours, timestamp at) {
    lines out;
    if (empty()) return out;
    if (!std::exchange(started_, true))
        for (const auto& c : clocks_) out.push_back(line(c, "started", hours, told_until_, "opened"));
    for (;;) {
        const auto due = check_at();
        if (!due || *due >= at) break;
        tell_hours(hours, std::max(*due, told_until_), out);
        for (auto& c : clocks_) {
            if (!is_running(c) || c.due_at != due) continue;
            out.push_back(line(c, "breached", hours, *due, "not met in time"));
            c.breached = true;
        }
    }
    tell_hours(hours, at, out);
    return out;
}

promise::lines promise::pause(const business_hours& hours, timestamp at, std::string_view reason) {
    auto out = tell(hours, at);
    waits_ = true;
    for (auto& c : clocks_) {
        if (!is_running(c)) continue;
        c.left = left_of(c, hours, at);
        c.due_at.reset();
        out.push_back(line(c, "paused", hours, at, reason));
    }
    return out;
}

void promise::go_on(const promise_clock& c, const business_hours& hours, timestamp at, std::string_view reason,
                    lines& out) {
    out.push_back(line(c, "resumed", hours, at, reason));
    shut_ = !hours.open_at(at);
    if (shut_ && is_running(c)) out.push_back(line(c, "paused", hours, at, "closed"));
}

promise::lines promise::resume(const business_hours& hours, timestamp at, std::string_view reason) {
    auto out = tell(hours, at);
    waits_ = false;
    for (auto& c : clocks_) {
        if (!is_open(c) || !c.left) continue;
        const auto due = hours.add(at, *c.left);
        if (!due) continue;
        c.due_at = due;
        c.left.reset();
        go_on(c, hours, at, reason, out);
    }
    return out;
}

promise::lines promise::reprice(const target& t, const business_hours& before, const business_hours& after,
                                timestamp at, std::string_view reason) {
    auto out = tell(before, at);
    policy_ = t.policy;
    const auto run = [&](promise_clock& c, duration left, bool stopped) {
        c.due_at = stopped ? std::nullopt : after.add(at, left);
        c.left = c.due_at ? std::nullopt : std::optional{left};
    };
    for (auto c = clocks_.begin(); c != clocks_.end();) {
        const bool first = c->name == "first_answer";
        if (!is_open(*c) || c->breached) {
            ++c;
        } else if (!first && !t.solution_s) {
            out.push_back(line(*c, "withdrawn", before, at, reason));
            c = clocks_.erase(c);
        } else {
            // What never would have run by the old hours was not stopped by anybody.
            const bool stopped = c->left && (waits_ || before.add(at, *c->left));
            const auto target_s = first ? t.first_answer_s : *t.solution_s;
            const auto left = left_of(*c, before, at) + seconds{target_s - c->target_s};
            auto next = *c;
            next.target_s = target_s;
            run(next, std::max(left, duration{0}), stopped);
            if (next.target_s != c->target_s || next.due_at != c->due_at || next.left != c->left) {
                *c = next;
                out.push_back(line(*c, "repriced", after, at, reason));
            }
            ++c;
        }
    }
    if (t.solution_s && std::ranges::find(clocks_, "solution", &promise_clock::name) == clocks_.end()) {
        promise_clock c{"solution", *t.solution_s, {}, {}, {}, false};
        run(c, seconds{*t.solution_s}, waits_);
        out.push_back(line(c, "started", after, at, reason));
        clocks_.push_back(std::move(c));
    }
    tell_hours(after, at, out);
    return out;
}

void promise::meet(promise_clock& c, const business_hours& hours, timestamp at, std::string_view reason, lines& out) {
    if (!is_open(c)) return;
    out.push_back(line(c, "met", hours, at, reason));
    c.met_at = at;
}

promise::lines promise::answered(const business_hours& hours, timestamp at, std::string_view reason) {
    auto out = tell(hours, at);
    for (auto& c : clocks_)
        if (c.name == "first_answer") meet(c, hours, at, reason, out);
    return out;
}

promise::lines promise::solved(const business_hours& hours, timestamp at) {
    auto out = tell(hours, at);
    for (auto& c : clocks_) meet(c, hours, at, "solved", out);
    return out;
}

promise::lines promise::take_back(const business_hours& hours, timestamp at, timestamp met_at,
                                  std::string_view reason) {
    auto out = tell(hours, at);
    for (auto& c : clocks_) {
        if (c.met_at != met_at) continue;
        c.met_at.reset();
        if (c.left)
            out.push_back(line(c, "paused", hours, at, reason));
        else
            go_on(c, hours, at, reason, out);
    }
    return out;
}

std::optional<timestamp> promise::due_at() const {
    std::optional<timestamp> out;
    for (const auto& c : clocks_)
        if (is_open(c) && c.due_at && (!out || *c.due_at < *out)) out = c.due_at;
    return out;
}

std::optional<timestamp> promise::check_at() const {
    std::optional<timestamp> out;
    for (const auto& c : clocks_)
        if (is_running(c) && c.due_at && (!out || *c.due_at < *out)) out = c.due_at;
    return out;
}

sla_status promise::status(const business_hours& hours, timestamp at) const {
    sla_status out{policy_, {}};
    const bool open = hours.open_at(at);
    for (const auto& c : clocks_) {
        const bool late = c.breached || (is_running(c) && c.due_at && *c.due_at < at);
        const bool stopped = c.left && hours.add(at, *c.left); // else it never opens long enough
        const char* state = late              ? "breached"
                            : c.met_at        ? "met"
                            : stopped         ? "paused"
                            : open && !c.left ? "running"
                                              : "closed";
        out.clocks.push_back(
            {c.name, state, c.target_s, whole_seconds(left_of(c, hours, c.met_at.value_or(at))), c.due_at});
    }
    return out;
}

} // namespace switchboard::sla
