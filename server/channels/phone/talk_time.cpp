#include "channels/phone/talk_time.hpp"

#include <switchboard/util/time.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::channels {

namespace {

using nlohmann::json;
using talk_span = std::pair<timestamp, timestamp>; // begin, end

std::optional<timestamp> moment_of(const json& text) {
    return text.is_string() ? parse_rfc3339(text.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<timestamp> moment_in(const json& leg, const char* name) {
    const auto found = leg.find(name);
    return found == leg.end() ? std::nullopt : moment_of(*found);
}

/// Sorted, and none touches another.
std::vector<talk_span> merged(std::vector<talk_span> spans) {
    std::ranges::sort(spans);
    std::vector<talk_span> out;
    for (const auto& s : spans)
        if (!out.empty() && s.first <= out.back().second)
            out.back().second = std::max(out.back().second, s.second);
        else
            out.push_back(s);
    return out;
}

/// Both as merged() gives them.
std::vector<talk_span> without(const std::vector<talk_span>& whole, const std::vector<talk_span>& gaps) {
    std::vector<talk_span> out;
    for (auto [begin, end] : whole) {
        for (const auto& gap : gaps) {
            if (gap.second <= begin || gap.first >= end) continue;
            if (gap.first > begin) out.emplace_back(begin, gap.first);
            begin = std::min(end, gap.second);
        }
        if (begin < end) out.emplace_back(begin, end);
    }
    return out;
}

std::optional<std::int64_t> talk_seconds(const json& leg) {
    const auto found = leg.find("talk_s");
    return found != leg.end() && found->is_number_integer() ? std::optional{found->get<std::int64_t>()} : std::nullopt;
}

/// When the leg talked: part by part where it says so, else from its answer on.
std::vector<talk_span> talk_spans(const json& leg) {
    std::vector<talk_span> out;
    if (const auto parts = leg.find("talks"); parts != leg.end() && parts->is_array()) {
        for (const auto& part : *parts)
            if (const auto begin = moment_in(part, "from"), end = moment_in(part, "until"); begin && end)
                out.emplace_back(*begin, *end);
        return out;
    }
    if (const auto begin = moment_in(leg, "answered_at")) {
        const auto talk_s = talk_seconds(leg);
        out.emplace_back(*begin,
                         talk_s ? *begin + std::chrono::seconds(*talk_s) : moment_in(leg, "ended_at").value_or(*begin));
    }
    return out;
}

} // namespace

talk talk_of(const json& legs) {
    const auto answered = [](const json& leg) { return leg.value("disposition", "") == "answered"; };
    const bool has_person =
        std::ranges::any_of(legs, [&](const json& leg) { return answered(leg) && !leg.contains("queue_answer"); });
    talk out;
    std::vector<talk_span> house, others, rings;
    for (const auto& leg : legs) {
        if (!answered(leg) || (has_person && leg.contains("queue_answer"))) continue;
        const auto talks = talk_spans(leg);
        if (talks.empty()) out.seconds = std::max(out.seconds, talk_seconds(leg).value_or(0));
        auto& list = leg.contains("agent") ? house : others;
        list.insert(list.end(), talks.begin(), talks.end());
        for (const auto& [begin, end] : talks)
            if (!out.answered_at || begin < *out.answered_at) out.answered_at = begin;
        if (const auto rang = moment_in(leg, "started_at"); rang && !talks.empty() && leg.contains("agent"))
            rings.emplace_back(*rang, std::max(*rang, talks.front().first));
    }
    auto all = without(merged(std::move(others)), merged(std::move(rings)));
    all.insert(all.end(), house.begin(), house.end());
    timestamp::duration whole{};
    for (const auto& [begin, end] : merged(std::move(all))) whole += std::max(end - begin, timestamp::duration{});
    out.seconds = std::max(out.seconds, std::chrono::floor<std::chrono::seconds>(whole).count());
    return out;
}

} // namespace switchboard::channels
