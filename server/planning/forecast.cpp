#include "planning/center.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace switchboard::routing {

namespace {

using nlohmann::json;
using errors = std::vector<config_error>;

constexpr double most_an_hour = 1e7;

struct forecast_stream {
    std::string queue, channel;
    std::optional<std::map<std::string, int>> skills;
    std::array<double, hours_of_week> arrivals{};
    std::optional<double> handle_s, handle_cv2, patience_s;
};

void read_arrivals(const json& v, const std::string& path, std::array<double, hours_of_week>& to, errors& wrong) {
    const auto fits = [](const json& n) {
        return n.is_number() && n.get<double>() >= 0 && n.get<double>() <= most_an_hour;
    };
    const bool list = v.is_array() && (v.size() == 24 || v.size() == to.size()) && std::ranges::all_of(v, fits);
    if (!list && !fits(v)) {
        wrong.push_back({path, "must be a number of at least 0, or a list of 24 or 168 of them"});
        return;
    }
    for (std::size_t h = 0; h < to.size(); ++h) to[h] = (list ? v[h % v.size()] : v).get<double>();
}

std::vector<forecast_stream> read_json(const json& root, errors& wrong) {
    std::vector<forecast_stream> out;
    if (!root.is_object() || !root.contains("streams") || !root["streams"].is_array()) {
        wrong.push_back({"streams", "must be a list"});
        return out;
    }
    for (std::size_t i = 0; i < root["streams"].size(); ++i) {
        const auto& v = root["streams"][i];
        const auto path = fmt::format("streams[{}]", i);
        auto& s = out.emplace_back();
        if (!v.is_object()) {
            wrong.push_back({path, "must be an object"});
            continue;
        }
        for (const auto& [key, value] : v.items()) {
            const auto here = path + "." + key;
            if ((key == "queue" || key == "channel") && value.is_string())
                (key == "queue" ? s.queue : s.channel) = value.get<std::string>();
            else if (key == "arrivals")
                read_arrivals(value, here, s.arrivals, wrong);
            else if ((key == "handle_s" || key == "patience_s") && value.is_number() && value.get<double>() > 0)
                (key == "handle_s" ? s.handle_s : s.patience_s) = value.get<double>();
            else if (key == "handle_cv2" && value.is_number() && value.get<double>() >= 0.001 &&
                     value.get<double>() <= 1000)
                s.handle_cv2 = value.get<double>();
            else if (key == "skills" && value.is_object()) {
                s.skills.emplace();
                for (const auto& [name, level] : value.items())
                    if (level.is_number_integer() && level.get<int>() >= 1 && level.get<int>() <= 10)
                        (*s.skills)[name] = level.get<int>();
                    else
                        wrong.push_back({here + "." + name, "must be 1 to 10"});
            } else
                wrong.push_back({here, "is not a field of it, or not of that kind"});
        }
    }
    return out;
}

std::vector<std::string> split(std::string_view line, char at) {
    std::vector<std::string> out;
    while (true) {
        const auto end = line.find(at);
        auto part = line.substr(0, end);
        while (!part.empty() && (part.front() == ' ' || part.front() == '\t')) part.remove_prefix(1);
        while (!part.empty() && (part.back() == ' ' || part.back() == '\t' || part.back() == '\r'))
            part.remove_suffix(1);
        out.emplace_back(part);
        if (end == std::string_view::npos) return out;
        line.remove_prefix(end + 1);
    }
}

std::optional<double> number_of(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > most_an_hour) return {};
    return value;
}

/// The hours of the week that "mon" or "*", and "8" or "*", name; none if they do not.
std::vector<std::size_t> hours_of(const std::string& day, const std::string& hour) {
    static constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const auto wanted = number_of(hour);
    std::vector<std::size_t> out;
    for (std::size_t h = 0; h < hours_of_week; ++h)
        if ((day == "*" || day == days[h / 24]) && (hour == "*" || (wanted && *wanted == static_cast<double>(h % 24))))
            out.push_back(h);
    return out;
}

std::vector<forecast_stream> read_csv(std::string_view text, errors& wrong) {
    std::vector<forecast_stream> out;
    const auto lines = split(text, '\n');
    const auto columns = split(lines[0], ',');
    static constexpr std::array<std::string_view, 7> known{"queue",    "channel",  "day",       "hour",
                                                           "arrivals", "handle_s", "patience_s"};
    for (const auto& c : columns)
        if (std::ranges::find(known, c) == known.end()) wrong.push_back({"line 1", "has an unknown column " + c});
    for (std::size_t c = 0; c < 5; ++c)
        if (std::ranges::find(columns, known[c]) == columns.end())
            wrong.push_back({"line 1", fmt::format("has no column {}", known[c])});
    if (!wrong.empty()) return out;
    for (std::size_t l = 1; l < lines.size(); ++l) {
        if (lines[l].empty()) continue;
        const auto path = fmt::format("line {}", l + 1);
        const auto cells = split(lines[l], ',');
        std::map<std::string, std::string> at;
        for (std::size_t c = 0; c < std::min(cells.size(), columns.size()); ++c) at[columns[c]] = cells[c];
        auto s = std::ranges::find_if(
            out, [&](const auto& o) { return o.queue == at["queue"] && o.channel == at["channel"]; });
        if (s == out.end()) {
            out.push_back({at["queue"], at["channel"], {}, {}, {}, {}, {}});
            s = out.end() - 1;
        }
        const auto arrivals = number_of(at["arrivals"]);
        const auto hours = hours_of(at["day"], at["hour"]);
        if (!arrivals) wrong.push_back({path, "arrivals must be a number of at least 0"});
        if (hours.empty()) wrong.push_back({path, "must have a day mon … sun or *, and an hour 0 … 23 or *"});
        for (const auto h : hours) s->arrivals[h] += arrivals.value_or(0);
        for (const auto* field : {"handle_s", "patience_s"}) {
            const auto& cell = at[field];
            if (cell.empty()) continue;
            const auto value = number_of(cell);
            if (!value || *value == 0) wrong.push_back({path, fmt::format("{} must be a number above 0", field)});
            (field[0] == 'h' ? s->handle_s : s->patience_s) = value;
        }
    }
    return out;
}

std::vector<forecast_stream> read_forecast(std::string_view text, errors& wrong) {
    if (!trim(text).starts_with('{')) return read_csv(text, wrong);
    const auto root = outside_json(text);
    if (root) return read_json(*root, wrong);
    wrong.push_back({"", "is " + root.error()});
    return {};
}

std::optional<std::int64_t> id_of(const std::map<std::int64_t, std::string>& names, const std::string& name) {
    for (const auto& [id, known] : names)
        if (known == name) return id;
    return {};
}

} // namespace

std::expected<live_center, errors> with_forecast(live_center center, const recorded_traffic& t, std::string_view text) {
    errors wrong;
    const auto read = read_forecast(text, wrong);
    center.streams.clear();
    center.hours.clear();
    for (std::size_t h = 0; h < hours_of_week; ++h) center.hours.push_back(h);
    center.notes.emplace_back("Arrivals are those of the forecast.");
    for (std::size_t i = 0; i < read.size(); ++i) {
        const auto& f = read[i];
        const auto path = fmt::format("streams[{}] ({}, {})", i, f.queue, f.channel);
        recorded_stream s;
        s.channel = f.channel;
        const auto q = std::ranges::find(t.configuration.queues, f.queue,
                                         [](const auto& q) -> const std::string& { return q.name; });
        if (q == t.configuration.queues.end())
            wrong.push_back({path, "there is no such queue"});
        else
            s.queue = q->id;
        if (!named_value<channel>(f.channel)) wrong.push_back({path, "there is no such channel"});
        if (const auto own = t.queue_skills.find(s.queue); own != t.queue_skills.end() && !f.skills)
            s.skills = own->second;
        if (const auto own = t.queue_licences.find(s.queue); own != t.queue_licences.end()) s.licences = own->second;
        for (const auto& [name, min] : f.skills.value_or(std::map<std::string, int>{})) {
            if (const auto id = id_of(t.skills, name))
                s.skills.emplace_back(*id, min);
            else
                wrong.push_back({path, "there is no skill " + name});
        }
        if (!wrong.empty()) continue;
        auto made = stream_of(t, s, center.notes);
        made.per_hour = f.arrivals;
        if (f.handle_s) made.handle = {*f.handle_s, 1};
        if (f.handle_cv2) made.handle.cv2 = *f.handle_cv2;
        if (f.patience_s) made.patience = random_time{*f.patience_s, 1};
        center.streams.push_back(std::move(made));
    }
    if (!wrong.empty()) return std::unexpected(std::move(wrong));
    return center;
}

} // namespace switchboard::routing
