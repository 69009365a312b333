#pragma once

#include <switchboard/model/routing_rows.hpp>

#include <array>
#include <map>

/// What has come to a contact center, hour by hour of the week: what planning starts from.
namespace switchboard {

inline constexpr std::size_t hours_of_week = 168; // 0 = Monday from midnight on

/// Tickets that asked for the same.
struct recorded_stream {
    std::int64_t queue = 0; // where it came to, before any overflow
    std::string channel;
    std::vector<std::pair<std::int64_t, std::int64_t>> skills;  // skill, min
    std::vector<std::pair<std::int64_t, std::string>> licences; // type, jurisdiction
    std::int64_t difficulty = 0, tier = 0, priority = 0;
    std::array<double, hours_of_week> arrivals{}; // counted in that hour of the week
};

/// From acceptance to the end of wrap-up, all of a ticket's turns together.
struct recorded_handling {
    std::int64_t queue = 0;
    std::string channel;
    std::int64_t count = 0;
    double mean_s = 0, variance_s2 = 0;
};

/// Chats of a queue: how many left unanswered, and how long all of them waited together.
struct recorded_patience {
    std::int64_t queue = 0, left = 0;
    double waited_s = 0;
};

struct recorded_presence {
    std::int64_t agent = 0;
    std::array<double, hours_of_week> ready_s{};
};

/// The center as it is configured, and what happened in it.
struct recorded_traffic {
    routing_configuration configuration;
    std::map<std::int64_t, std::string> agents, logins, skills, licences; // names
    std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::int64_t>>> queue_skills;
    std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::string>>> queue_licences;
    std::string time_zone;
    timestamp from{}, until{};
    std::array<double, hours_of_week> covered_s{}; // how much of each hour of the week lies between them
    std::size_t first_hour = 0;                    // of the week, at `from`
    std::vector<recorded_stream> streams;
    std::vector<recorded_handling> handling;
    std::vector<recorded_patience> patience;
    std::vector<recorded_presence> presence; // empty if nobody ever said so
};

} // namespace switchboard
