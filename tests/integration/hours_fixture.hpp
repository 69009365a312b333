#pragma once

#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace switchboard::test {

using namespace std::chrono_literals;
using nlohmann::json;

inline const json never = json::array();

inline json every_day(const std::string& from, const std::string& to) {
    auto out = json::array();
    for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
        out.push_back({{"day", day}, {"from", from}, {"to", to}});
    return out;
}
inline json always() {
    return every_day("00:00", "24:00");
}

/// "18:40:18" in UTC.
inline std::string time_of_day(timestamp t) {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(t)).substr(11, 8);
}

/// A center whose queues open and close, and what they promise.
class hours : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};

    json make(const std::string& path, const json& body) {
        const auto answer = center.admin.post("/api/v1/" + path, body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.json();
    }
    std::int64_t calendar(const json& opens, const std::string& name = "Hours") {
        return make("calendars", {{"name", name}, {"timezone", "UTC"}, {"hours", opens}}).at("id");
    }
    void reopen(std::int64_t calendar, const json& opens) {
        const auto answer = center.admin.patch("/api/v1/calendars/" + std::to_string(calendar), {{"hours", opens}});
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    std::string of_ticket(const std::string& what, std::int64_t ticket) const {
        return center.sql("SELECT " + what + " FROM ticket WHERE id = " + std::to_string(ticket));
    }
    json ledger(std::int64_t ticket) const {
        const auto answer = center.admin.get("/api/v1/tickets/" + std::to_string(ticket) + "/sla");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    /// "first_answer met replied"
    std::vector<std::string> told(std::int64_t ticket) const {
        std::vector<std::string> out;
        for (const auto& e : ledger(ticket)["entries"])
            out.push_back(fmt::format("{} {} {}", e["clock"].get<std::string>(), e["kind"].get<std::string>(),
                                      e["reason"].get<std::string>()));
        return out;
    }
};

class promises : public hours {
protected:
    std::int64_t queue_with(const json& target, std::optional<std::int64_t> calendar = {}) {
        const auto queue = center.queue("Support", {{"calendar_id", calendar ? json(*calendar) : json()}});
        auto terms = target;
        terms["queue_id"] = queue;
        make("sla-targets", terms);
        center.gateway("pbx", "phone", queue);
        center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
        return queue;
    }
};

} // namespace switchboard::test
