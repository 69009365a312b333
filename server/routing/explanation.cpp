#include "routing/explanation.hpp"

#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::routing {

using nlohmann::json;

namespace {

std::string span(std::int64_t s) {
    if (s < 120) return fmt::format("{} s", s);
    if (s < 7200) return fmt::format("{} min", (s + 30) / 60);
    if (s < 172'800) return fmt::format("{} h", (s + 1800) / 3600);
    return fmt::format("{} days", (s + 43'200) / 86'400);
}

std::int64_t seconds_between(timestamp from, timestamp to) {
    return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(to - from).count());
}

/// "Ana", "Ana and Ben", "Ana, Ben and 3 more".
std::string list_of(const std::vector<std::string>& names, std::size_t total) {
    constexpr std::size_t shown_at_most = 3;
    if (names.empty()) return "nobody";
    if (total == 1) return names[0];
    const auto shown = std::min({names.size(), shown_at_most, total});
    std::string out;
    const auto rest = total - shown;
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) out += rest == 0 && i + 1 == shown ? " and " : ", ";
        out += names[i];
    }
    if (rest > 0) out += fmt::format(" and {} more", rest);
    return out;
}

std::string why_this_agent(const json& facts, const std::string& chosen, std::size_t total) {
    if (facts.value("by_affinity", false)) return chosen + " had it before";
    const auto& candidates = facts.at("candidates");
    const auto rank = facts.value("rank", std::int64_t{0});
    const auto same_rank = std::ranges::count_if(candidates, [&](const json& c) { return c.at(3) == rank; });
    if (same_rank < std::ssize(candidates) && same_rank <= 1)
        return chosen + " is asked before the others in this queue";
    const std::string policy = facts.value("policy", "");
    const auto score = facts.value("score", std::uint64_t{0});
    const auto same_score =
        std::ranges::count_if(candidates, [&](const json& c) { return c.at(3) == rank && c.at(2) == score; });
    const bool scored = policy != "longest_idle" && same_score <= 1;
    if (scored && policy == "best_skill") return chosen + " is the best at it";
    if (scored && policy == "least_overqualified") return chosen + " is the nearest to what it asks for";
    if (scored && policy == "least_loaded") return chosen + " has least in hand";
    if (scored && policy == "round_robin") return "it was the turn of " + chosen;
    if (scored && policy == "fewest_today") return chosen + " has had fewest today";
    return chosen + (total == 2 ? " was idle longer" : " was idle longest");
}

std::string why_this_ticket(const json& facts) {
    const std::string order = facts.value("order", "fifo");
    if (order == "fqr") return "its queue was furthest above its share";
    if (order == "edf") return "it is due first";
    return order == "aging" ? "it is first by age and priority" : "it had waited longest";
}

std::string offered_words(const routing_decision& d, const std::string& chosen, const store::routing_history& h,
                          const agent_names& names) {
    const auto facts = own_json(d.facts);
    auto out = fmt::format("Waited {}", span(seconds_between(h.enqueue_at, d.at)));
    if (d.step > 0) out += fmt::format("; {} step{} taken", d.step, d.step == 1 ? "" : "s");
    if (facts.value("sibling", 0) > 0) return fmt::format("{}; offered to {} at the same time.", out, chosen);
    const auto compared = facts.value("considered", std::size_t{0});
    if (facts.value("compared", "agents") == "tickets") {
        out += fmt::format("; {} became free", chosen);
        if (facts.value("by_affinity", false))
            out += ", who had it before";
        else if (compared > 1)
            out += fmt::format(", with {} kinds of tickets to choose from; {}", compared, why_this_ticket(facts));
        return out + ".";
    }
    std::vector<std::string> could{chosen};
    for (const auto& c : facts.at("candidates"))
        if (c.at(0) != d.agent->id) could.push_back(name_in(names, c.at(0)));
    // Of agents who are alike only the best is a candidate.
    const auto free = facts.value("free", std::size_t{0});
    const auto refused = std::min(free, facts.value("refused", std::size_t{0})); // rows of before counted others too
    const auto total = std::max(free - refused, compared);
    if (total > 1)
        out += fmt::format("; {} could take it; {}", list_of(could, total), why_this_agent(facts, chosen, total));
    else if (facts.value("by_affinity", false))
        out += fmt::format("; {}", why_this_agent(facts, chosen, total));
    else
        out += fmt::format("; {} alone could take it", chosen);
    const auto busy = facts.value("eligible", std::int64_t{0}) - static_cast<std::int64_t>(free);
    if (busy > 0) out += fmt::format("; {} more {} busy", busy, busy == 1 ? "was" : "were");
    if (refused > 0) out += fmt::format("; {} had refused it a short while ago", refused);
    return out + ".";
}

std::string taken_words(const routing_decision& d, const std::string& who) {
    const auto facts = own_json(d.facts);
    if (d.kind == "claimed") return who + " took it.";
    if (d.kind == "given_back") {
        const auto cause = facts.value("reason", "");
        return fmt::format("{} has it again{}{}.", who, cause.empty() ? "" : ": " + cause,
                           facts.value("past_capacity", false) ? ", beyond the room there was" : "");
    }
    auto out =
        fmt::format("{} gave it to {}: {}", facts.value("by_name", "A supervisor"), who, facts.value("reason", ""));
    out += ".";
    if (facts.value("past_skill", false)) {
        const auto lacked = facts.value("passed_over", "");
        out += fmt::format(" {} is not what the queue asks for{}.", who, lacked.empty() ? "" : " (" + lacked + ")");
    }
    if (facts.value("past_capacity", false)) out += fmt::format(" {} had no room for it.", who);
    return out;
}

std::string changed_words(const step_change& c, const store::routing_history& h) {
    const std::int64_t value = c.value.value_or(0);
    const auto skill = [&] { return name_in(h.skills, c.skill_id.value_or(0)); };
    const auto queue = [&] { return name_in(h.queues, c.queue_id.value_or(0)); };
    switch (c.what) {
    case step_kind::drop_skill:
        return fmt::format("drops '{}'", skill());
    case step_kind::set_min:
        return fmt::format("asks for level {} of '{}'", value, skill());
    case step_kind::widen_grade:
        return fmt::format("lets {} grade{} below take it", value, value == 1 ? "" : "s");
    case step_kind::add_queue:
        return fmt::format("asks '{}' as well", queue());
    case step_kind::raise_priority:
        return fmt::format("raises the priority by {}", value);
    case step_kind::raise_tier:
        return "raises the tier";
    case step_kind::callback:
        return "promises to call back";
    case step_kind::voicemail:
        return "asks for a message";
    case step_kind::ask_supervisors:
        return "asks the supervisors as well";
    case step_kind::overflow:
        break;
    }
    return fmt::format("moves it to '{}'", queue());
}

/// Rows of before said `skipped`.
std::string_view early_words(const json& facts) {
    const auto cause = facts.value("cause", facts.value("skipped", false) ? "nobody" : "time");
    if (cause == "late") return ", early, since it would have been late";
    return cause == "nobody" ? ", early, since waiting was no use" : "";
}

std::string almost_words(const almost_agent& a, timestamp now) {
    if (!a.lacks.empty()) return fmt::format("{} almost could, but {}.", a.agent.name, a.lacks.front());
    if (!a.asked_again_at) return fmt::format("{} almost could: {}.", a.agent.name, missing_words(a.missing.front()));
    const auto again = span(seconds_between(now, *a.asked_again_at));
    if (!a.declined_at) return fmt::format("{} did not take it, and is asked again in {}.", a.agent.name, again);
    return fmt::format("{} declined it {} ago, and is asked again in {}.", a.agent.name,
                       span(seconds_between(*a.declined_at, now)), again);
}

/// What keeps those who could take it.
std::string_view passing_words(const waiting_reasons& w) {
    const auto counts = [&](std::string_view reason) {
        return std::ranges::find(w.excluded, reason, &excluded_agents::reason) != w.excluded.end();
    };
    const bool one = w.could_take.size() == 1;
    if (!counts("ringing")) return one ? "has no room for more right now" : "have no room for more right now";
    if (!counts("busy")) return one ? "another offer rings there first" : "another offer rings at each of them first";
    return "each has no room for more right now, or another offer rings there first";
}

/// As many agents as the queue and its steps ask: each once, by the first rule that keeps him.
std::vector<excluded_agents> excluded_groups(const explanation& e, const store::routing_history& h) {
    std::vector<excluded_agents> out;
    auto free = static_cast<std::int64_t>(e.members);
    for (std::size_t n = 0; n < exclusion_count; ++n) {
        const auto reason = static_cast<exclusion>(n);
        if (e.excluded[n] == 0 || reason == exclusion::no_member) continue;
        excluded_agents group{std::string{to_string(reason)}, static_cast<std::int64_t>(e.excluded[n]), {}};
        for (const auto& [term, agents] : e.lacking)
            if (term.what == reason) group.which.push_back({term_words(term, h), static_cast<std::int64_t>(agents)});
        free -= group.agents;
        out.push_back(std::move(group));
    }
    if (free > 0) out.push_back({"free", free, {}}); // for the moment until the next decision
    return out;
}

} // namespace

std::set<std::int64_t> agents_in(const std::vector<routing_decision>& decisions) {
    std::set<std::int64_t> out;
    for (const auto& d : decisions) {
        if (d.kind != "offered") continue;
        const auto facts = own_json(d.facts);
        if (facts.value("compared", "") != "agents") continue;
        for (const auto& c : facts.at("candidates")) out.insert(c.at(0).get<std::int64_t>());
    }
    return out;
}

std::string words_of(const queue_step& s, const store::routing_history& h) {
    std::string out;
    for (const auto& c : s.changes) out += (out.empty() ? "" : ", ") + changed_words(c, h);
    return out.empty() ? "changes nothing" : out;
}

std::string words_of(const routing_decision& d, const store::routing_history& h, const std::vector<queue_step>& steps,
                     const agent_names& names) {
    const auto who = d.agent ? d.agent->name : std::string{"Somebody"};
    if (d.kind == "offered") return offered_words(d, who, h, names);
    if (d.kind == "assigned" || d.kind == "claimed" || d.kind == "given_back") return taken_words(d, who);
    const auto facts = own_json(d.facts);
    if (d.kind == "ended") return fmt::format("The offer to {} ended: {}.", who, facts.value("reason", ""));
    if (d.kind == "overflowed") {
        const std::string reason = facts.value("reason", "");
        return fmt::format("Moved to '{}': {}.", name_in(h.queues, facts.value("to", std::int64_t{0})),
                           reason == "full"     ? "the queue was full"
                           : reason == "closed" ? "the queue was closed"
                                                : "it had waited long enough");
    }
    if (d.kind == "returned") return fmt::format("Came back from {}: {}.", who, facts.value("cause", ""));
    if (d.kind == "message") return "The caller leaves a message; it waits as an e-mail does.";
    if (d.kind == "put_off")
        return fmt::format("Found no place ({}); comes back after {}.", facts.value("reason", ""),
                           span(static_cast<std::int64_t>(facts.value("again_in_s", 0.0))));
    const auto n = static_cast<std::size_t>(d.step);
    const auto what = n >= 1 && n <= steps.size() ? words_of(steps[n - 1], h) : std::string{"has been removed since"};
    return fmt::format("Step {} after {}{}: {}.", d.step, span(seconds_between(h.enqueue_at, d.at)), early_words(facts),
                       what);
}

std::vector<std::string> words_of(const waiting_reasons& w, const store::routing_history& h, timestamp now) {
    std::vector<std::string> out;
    out.push_back(fmt::format("Has waited {} in '{}'{}.", span(w.waited_s), name_in(h.queues, h.queue),
                              w.ahead ? fmt::format(", {} of its kind ahead of it", *w.ahead) : ""));
    if (w.held_for) out.push_back(fmt::format("It is kept for {}.", w.held_for->name));
    std::vector<std::string> could;
    for (const auto& a : w.could_take)
        could.push_back(a.in_hand.empty() ? a.name : fmt::format("{} ({})", a.name, hands_words(a.in_hand)));
    if (!could.empty())
        out.push_back(fmt::format("{} could take it, but {}.", list_of(could, could.size()), passing_words(w)));
    else
        out.emplace_back("Nobody who is ready could take it now.");
    for (std::size_t i = 0; i < std::min<std::size_t>(w.almost.size(), 3); ++i)
        out.push_back(almost_words(w.almost[i], now));
    if (w.next_step && !w.next_step_does.empty())
        out.push_back(
            fmt::format("In {} step {} {}.", span(seconds_between(now, *w.next_step)), w.step + 1, w.next_step_does));
    if (w.estimated_wait_s)
        out.push_back(fmt::format("About {} more at the pace of the last minutes.", span(*w.estimated_wait_s)));
    return out;
}

waiting_reasons to_reasons(const explanation& e, const agents_known& known, const store::routing_history& h,
                           const std::vector<queue_step>& steps, std::string source, timestamp now) {
    constexpr std::size_t most = 20;
    waiting_reasons w;
    w.waited_s = seconds_between(h.enqueue_at, now);
    w.step = e.step;
    w.members = static_cast<std::int64_t>(e.members);
    w.next_step = e.next_step;
    if (e.next_step && static_cast<std::size_t>(e.step) < steps.size())
        w.next_step_does = words_of(steps[static_cast<std::size_t>(e.step)], h);
    if (e.held_for) w.held_for = known.who(*e.held_for);
    for (std::size_t i = 0; i < std::min(most, e.could.size()); ++i)
        w.could_take.push_back({known.who(e.could[i].agent), known.in_hand(e.could[i].agent)});
    for (const auto& a : e.almost) {
        if (w.almost.size() == most) break;
        almost_agent one{known.who(a.agent), {}, {}, {}, {}};
        const auto first = a.reasons.lasting().first();
        one.missing.emplace_back(to_string(first));
        for (const auto& lack : a.lacks)
            if (lack.what == first) one.lacks.push_back(lack_words(lack, h));
        if (a.refused) {
            one.declined_at = a.refused->declined_at;
            one.asked_again_at = a.refused->until;
        }
        w.almost.push_back(std::move(one));
    }
    w.excluded = excluded_groups(e, h);
    if (source == "live") {
        w.ahead = static_cast<std::int64_t>(e.ahead);
        if (e.estimated_wait)
            w.estimated_wait_s = std::chrono::duration_cast<std::chrono::seconds>(*e.estimated_wait).count();
    }
    w.source = std::move(source);
    return w;
}

} // namespace switchboard::routing
