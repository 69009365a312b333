#include <switchboard/store/traffic.hpp>

#include <switchboard/store/routing.hpp>

#include <switchboard/util/event_data.hpp>
#include <switchboard/util/json.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace switchboard::store {

using nlohmann::json;

namespace {

constexpr double quarter_s = 900; // time zones differ by quarters of an hour
constexpr std::int64_t most_streams =
    300; // rarer kinds of tickets count as the commoner ones of their queue and channel

double seconds_between(timestamp from, timestamp until) {
    return std::chrono::duration<double>(until - from).count();
}

std::vector<std::pair<std::int64_t, std::int64_t>> skills_of(const char* text) {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    for (const auto& term : own_json(text))
        out.emplace_back(term.at("skill_id").get<std::int64_t>(), term.value("min", std::int64_t{1}));
    return out;
}

std::vector<std::pair<std::int64_t, std::string>> licences_of(const char* text) {
    std::vector<std::pair<std::int64_t, std::string>> out;
    for (const auto& term : own_json(text))
        out.emplace_back(term.at("licence_id").get<std::int64_t>(), term.at("jurisdiction").get<std::string>());
    return out;
}

void read_names(pqxx::transaction_base& tx, recorded_traffic& out) {
    for (const auto& r : query(tx, "SELECT id, name, login FROM users")) {
        out.agents[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
        out.logins[get<std::int64_t>(r["id"])] = get<std::string>(r["login"]);
    }
    for (const auto& r : query(tx, "SELECT id, name FROM skill"))
        out.skills[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
    for (const auto& r : query(tx, "SELECT id, name FROM licence"))
        out.licences[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
    for (const auto& r : query(tx, "SELECT id, skills, licences FROM queue")) {
        out.queue_skills[get<std::int64_t>(r["id"])] = skills_of(r["skills"].c_str());
        out.queue_licences[get<std::int64_t>(r["id"])] = licences_of(r["licences"].c_str());
    }
}

/// The hour of the week of each quarter of an hour from `from` on.
std::vector<std::size_t> read_calendar(pqxx::transaction_base& tx, std::int64_t days, recorded_traffic& out) {
    const auto span = query(tx, R"(
            SELECT to_timestamp(floor(extract(epoch from greatest(
                       now() - make_interval(days => $1),
                       coalesce((SELECT min(opened_at) FROM ticket), now()))) / 900) * 900) AS from_at,
                   now() AS until_at)",
                            days)
                          .front();
    out.from = get<timestamp>(span["from_at"]);
    out.until = get<timestamp>(span["until_at"]);
    std::vector<std::size_t> hour_of;
    for (const auto hour : values_of<double>(query(tx, R"(
            SELECT (extract(isodow from l) - 1) * 24 + extract(hour from l)
            FROM (
                SELECT g AT TIME ZONE $3 AS l
                FROM generate_series($1::timestamptz, $2::timestamptz, interval '15 minutes') g
                ORDER BY g) local)",
                                                   out.from, out.until, out.time_zone)))
        hour_of.push_back(static_cast<std::size_t>(hour));
    out.first_hour = hour_of.front();
    const double all = seconds_between(out.from, out.until);
    for (std::size_t q = 0; q < hour_of.size(); ++q)
        out.covered_s[hour_of[q]] += std::clamp(all - static_cast<double>(q) * quarter_s, 0.0, quarter_s);
    return hour_of;
}

// A ticket that overflowed counts for the queue that it came to.
constexpr std::string_view arrived_sql = R"(
        WITH arrived AS MATERIALIZED (
            SELECT CASE WHEN overflowed THEN coalesce((
                            SELECT (d.facts->>'from')::bigint
                            FROM routing_decision d
                            WHERE d.ticket_id = t.id AND d.kind = 'overflowed'
                            ORDER BY d.id LIMIT 1), queue_id)
                        ELSE queue_id END AS queue_id,
                   channel, skills, licences, difficulty, tier, priority,
                   floor(extract(epoch from opened_at - $1::timestamptz) / 900)::bigint AS quarter
            FROM ticket t
            WHERE opened_at >= $1 AND opened_at < $2))";

void read_streams(pqxx::transaction_base& tx, const std::vector<std::size_t>& hour_of, recorded_traffic& out) {
    std::map<std::int64_t, std::size_t> place;
    static const auto kinds_sql = fmt::format(R"({},
        kinds AS (
            SELECT row_number() OVER (ORDER BY count(*) DESC, queue_id, channel) AS place,
                   queue_id, channel, skills, licences, difficulty, tier, priority
            FROM arrived
            GROUP BY queue_id, channel, skills, licences, difficulty, tier, priority)
        SELECT k.place, a.queue_id, a.channel, a.skills, a.licences, a.difficulty, a.tier, a.priority, a.quarter,
               count(*) AS count
        FROM arrived a
        JOIN kinds k USING (queue_id, channel, skills, licences, difficulty, tier, priority)
        WHERE k.place <= $3
        GROUP BY k.place, a.queue_id, a.channel, a.skills, a.licences, a.difficulty, a.tier, a.priority, a.quarter
        ORDER BY k.place, a.quarter)",
                                              arrived_sql);
    const auto rows = query(tx, kinds_sql, out.from, out.until, most_streams);
    std::map<std::pair<std::int64_t, std::string>, double> counted;
    for (const auto& r : rows) {
        const auto [at, is_new] = place.try_emplace(get<std::int64_t>(r["place"]), out.streams.size());
        if (is_new) {
            recorded_stream s;
            s.queue = get<std::int64_t>(r["queue_id"]);
            s.channel = get<std::string>(r["channel"]);
            s.skills = skills_of(r["skills"].c_str());
            s.licences = licences_of(r["licences"].c_str());
            s.difficulty = get<std::int64_t>(r["difficulty"]);
            s.tier = get<std::int64_t>(r["tier"]);
            s.priority = get<std::int64_t>(r["priority"]);
            out.streams.push_back(std::move(s));
        }
        auto& s = out.streams[at->second];
        const auto quarter = std::min(static_cast<std::size_t>(get<std::int64_t>(r["quarter"])), hour_of.size() - 1);
        const auto n = static_cast<double>(get<std::int64_t>(r["count"]));
        s.arrivals[hour_of[quarter]] += n;
        counted[{s.queue, s.channel}] += n;
    }
    if (place.size() < static_cast<std::size_t>(most_streams)) return;
    static const auto all_sql = fmt::format(R"({}
        SELECT queue_id, channel, count(*) AS count
        FROM arrived
        GROUP BY queue_id, channel)",
                                            arrived_sql);
    for (const auto& r : query(tx, all_sql, out.from, out.until)) {
        const auto of = counted.find({get<std::int64_t>(r["queue_id"]), get<std::string>(r["channel"])});
        if (of == counted.end()) continue;
        const double more = static_cast<double>(get<std::int64_t>(r["count"])) / of->second;
        for (auto& s : out.streams)
            if (s.queue == of->first.first && s.channel == of->first.second)
                for (auto& n : s.arrivals) n *= more;
    }
}

void read_times(pqxx::transaction_base& tx, recorded_traffic& out) {
    for (const auto& r : query(tx, R"(
            SELECT queue_id, channel, count(*) AS count, avg(s)::float8 AS mean_s,
                   coalesce(var_samp(s), 0)::float8 AS variance
            FROM (
                SELECT min(queue_id) AS queue_id, min(channel) AS channel,
                       sum(extract(epoch from ended_at - answered_at)) AS s
                FROM offer
                WHERE state = 'done' AND answered_at IS NOT NULL AND ended_at >= $1
                GROUP BY ticket_id) t
            GROUP BY 1, 2)",
                               out.from))
        out.handling.push_back({get<std::int64_t>(r["queue_id"]), get<std::string>(r["channel"]),
                                get<std::int64_t>(r["count"]), get<double>(r["mean_s"]), get<double>(r["variance"])});
    // Who was answered would have waited longer: their waits count in full, and they do not count as gone.
    for (const auto& r : query(tx, R"(
             SELECT t.queue_id, count(*) FILTER (WHERE a.first IS NULL AND s.closed_at IS NOT NULL) AS gone,
                    sum(greatest(0, extract(
                       epoch from coalesce(a.first, s.closed_at, now()) - t.opened_at)))::float8 AS waited_s
             FROM ticket t
             JOIN chat_session s ON s.gateway_id = t.gateway_id AND s.id = t.thread_key
             LEFT JOIN LATERAL (
                 SELECT min(answered_at) AS first
                 FROM offer o
                 WHERE o.ticket_id = t.id AND o.answered_at <= coalesce(s.closed_at, 'infinity')) a ON true
             WHERE t.channel = 'chat' AND t.opened_at >= $1
             GROUP BY 1)",
                               out.from))
        out.patience.push_back(
            {get<std::int64_t>(r["queue_id"]), get<std::int64_t>(r["gone"]), get<double>(r["waited_s"])});
}

void read_presence(pqxx::transaction_base& tx, const std::vector<std::size_t>& hour_of, recorded_traffic& out) {
    std::map<std::int64_t, std::array<double, hours_of_week>> ready;
    for (const auto& r : query(tx, R"(
             SELECT agent_id, from_at, coalesce(until_at, $2::timestamptz) AS until_at, data
             FROM (
                 SELECT agent_id, at AS from_at,
                        lead(at) OVER (PARTITION BY agent_id ORDER BY at, id) AS until_at, data
                 FROM event
                 WHERE type = 'presence.changed' AND agent_id IS NOT NULL) turns
             WHERE coalesce(until_at, $2::timestamptz) > $1)",
                               out.from, out.until)) {
        auto& hours = ready[get<std::int64_t>(r["agent_id"])]; // also of who was never ready
        const auto said = read_data<events::presence_changed>(r["data"].c_str());
        if (!said || said->presence.state != "ready") continue;
        const double begin = std::max(0.0, seconds_between(out.from, get<timestamp>(r["from_at"])));
        const double end = seconds_between(out.from, std::min(out.until, get<timestamp>(r["until_at"])));
        for (auto q = static_cast<std::size_t>(begin / quarter_s); q < hour_of.size(); ++q) {
            const double start = static_cast<double>(q) * quarter_s;
            if (start >= end) break;
            hours[hour_of[q]] += std::min(end, start + quarter_s) - std::max(begin, start);
        }
    }
    for (const auto& [agent, hours] : ready) out.presence.push_back({agent, hours});
}

} // namespace

boost::asio::awaitable<recorded_traffic> traffic::load(std::int64_t days, std::string zone) {
    auto out = co_await run(db_, [days, zone = std::move(zone)](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        // It reads a log, not an index, thinks for long, and keeps nobody waiting.
        tx.exec0("SET LOCAL statement_timeout = '5min'; SET LOCAL idle_in_transaction_session_timeout = '5min'");
        recorded_traffic read;
        read.time_zone = zone;
        read_names(tx, read);
        const auto hour_of = read_calendar(tx, days, read);
        read_streams(tx, hour_of, read);
        read_times(tx, read);
        read_presence(tx, hour_of, read);
        return read;
    });
    out.configuration = co_await routing{db_}.load_configuration();
    co_return out;
}

} // namespace switchboard::store
