#include <switchboard/planning/erlang.hpp>
#include <switchboard/planning/what_if.hpp>

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace switchboard::routing {
namespace {

using nlohmann::json;

constexpr std::int64_t support = 1, sales = 2, french = 7;

/// Two queues that share nobody: Support with 60 calls an hour of four minutes and five agents, Sales with chats that
/// ask for French, which one of its two agents speaks. The same every hour of the week.
class live_center_on_paper : public testing::Test {
protected:
    recorded_traffic record;
    compare_options options;

    live_center_on_paper() {
        record.time_zone = "UTC";
        record.covered_s.fill(4 * 3600); // four weeks
        record.skills = {{french, "French"}};
        for (const auto& [id, name] : {std::pair{support, "Support"}, std::pair{sales, "Sales"}}) {
            routing_queue q;
            q.id = id;
            q.name = name;
            q.ring_s = 20;
            q.sla_target_s = 3600;
            record.configuration.queues.push_back(q);
        }
        for (std::int64_t a = 1; a <= 5; ++a) agent(a, support, "phone");
        agent(6, sales, "chat").skills = {{french, 5}};
        agent(7, sales, "chat");
        arrivals(support, "phone", 60);
        arrivals(sales, "chat", 5).skills = {{french, 1}};
        record.handling = {{support, "phone", 1000, 240, 240.0 * 240}, {sales, "chat", 1000, 600, 600.0 * 600}};
        options.replications = 20;
    }

    routing_agent& agent(std::int64_t id, std::int64_t queue, const char* channel) {
        auto& a = record.configuration.agents.emplace_back();
        a.id = id;
        a.grade = 9;
        a.units = 100;
        a.queues = {{queue, 0, 0}};
        a.channels = {{channel, 1, 100}};
        record.agents[id] = record.logins[id] = "agent" + std::to_string(id);
        return a;
    }
    recorded_stream& arrivals(std::int64_t queue, const char* channel, double an_hour) {
        auto& s = record.streams.emplace_back();
        s.queue = queue;
        s.channel = channel;
        s.priority = 5;
        s.arrivals.fill(4 * an_hour);
        return s;
    }

    simulation simulate(const what_if& w = {}) {
        const auto as_is = center_of(record);
        const auto after = changed(as_is, w);
        EXPECT_TRUE(after.has_value());
        auto done = compare(as_is, *after, options);
        EXPECT_TRUE(done.has_value());
        return *done;
    }
    what_if parse(const json& text) {
        auto read = parse_what_if(text.dump(), record);
        EXPECT_TRUE(read.has_value()) << (read ? "" : read.error()[0].field + " " + read.error()[0].message);
        return read.value_or(what_if{});
    }
    std::vector<std::string> wrong_fields(const json& text) {
        std::vector<std::string> out;
        if (const auto read = parse_what_if(text.dump(), record); !read)
            for (const auto& e : read.error()) out.push_back(e.field);
        return out;
    }
};

const simulated_line& line(const simulated_world& w, std::int64_t queue) {
    return *std::ranges::find(w.lines, queue, [](const auto& l) { return l.queue.id; });
}
bool holds(const simulated_figure& f, double value) {
    return f.low && *f.low <= value && value <= *f.high;
}

TEST_F(live_center_on_paper, agrees_with_erlang_c_within_its_intervals) {
    const auto s = simulate();
    const auto exact = *erlang_c({.arrivals_per_s = 60.0 / 3600, .handle_s = 240}, 5, options.live_within_s);
    const auto& calls = line(s.as_is, support);
    EXPECT_PRED2(holds, calls.mean_wait_s, exact.asa_s) << *calls.mean_wait_s.mean << " for " << exact.asa_s;
    EXPECT_PRED2(holds, calls.service_level, exact.service_level) << *calls.service_level.mean;
    EXPECT_PRED2(holds, calls.offered, 60 * 168.0);
    EXPECT_LT(*calls.mean_wait_s.high - *calls.mean_wait_s.low, exact.asa_s / 4) << "an interval that says something";
    EXPECT_EQ(calls.within_s, 20);
    double occupancy = 0;
    for (const auto& a : s.as_is.agents)
        if (a.agent.id <= 5) occupancy += *a.occupancy.mean / 5;
    EXPECT_NEAR(occupancy, 0.8, 0.01);
}

TEST_F(live_center_on_paper, is_the_same_world_twice_when_nothing_changes) {
    const auto s = simulate();
    EXPECT_EQ(to_json(s), to_json(simulate())) << "the same seed draws the same customers";
    for (const auto& d : s.differences) {
        EXPECT_EQ(d.mean_wait_s.low, 0);
        EXPECT_EQ(d.mean_wait_s.high, 0);
        EXPECT_EQ(d.service_level.mean, 0);
    }
}

TEST_F(live_center_on_paper, serves_once_what_rings_at_several) {
    const auto alone = simulate();
    record.configuration.queues[0].fan_out = 3;
    const auto several = simulate();
    EXPECT_EQ(line(several.as_is, support).answered.mean, line(alone.as_is, support).answered.mean);
    EXPECT_EQ(line(several.as_is, support).mean_wait_s.mean, line(alone.as_is, support).mean_wait_s.mean);
}

TEST_F(live_center_on_paper, helps_whom_the_change_helps_and_nobody_else) {
    const auto s = simulate(parse({{"agents", {{"agent7", {{"skills", {{"French", 5}}}}}}}}));
    EXPECT_EQ(*line(s.changed, support).mean_wait_s.mean, *line(s.as_is, support).mean_wait_s.mean);
    EXPECT_EQ(*line(s.changed, sales).offered.mean, *line(s.as_is, sales).offered.mean) << "the same customers";
    const auto& chats = *std::ranges::find(s.differences, sales, [](const auto& d) { return d.queue.id; });
    EXPECT_LT(*chats.mean_wait_s.high, 0) << "a second who speaks French";
    EXPECT_GT(*chats.service_level.low, 0);
    const auto one = *erlang_c({.arrivals_per_s = 5.0 / 3600, .handle_s = 600}, 1, 20),
               two = *erlang_c({.arrivals_per_s = 5.0 / 3600, .handle_s = 600}, 2, 20);
    EXPECT_PRED2(holds, line(s.as_is, sales).service_level, one.service_level);
    EXPECT_PRED2(holds, line(s.changed, sales).service_level, two.service_level);
}

TEST_F(live_center_on_paper, opens_when_it_is_told_to) {
    const auto s = simulate(parse(
        {{"queues",
          {{"Support",
            {{"open", {{{"days", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}, {"from", 8}, {"until", 20}}}},
             {"closed_action", "callback"}}}}}}));
    EXPECT_EQ(*line(s.as_is, support).turned_away.mean, 0);
    EXPECT_PRED2(holds, line(s.changed, support).turned_away, 60 * 84.0) << "half of the week";
    for (const auto& h : s.changed.hours) EXPECT_EQ(h.service_level.mean.has_value(), true) << h.hour;
    EXPECT_EQ(*line(s.changed, sales).mean_wait_s.mean, *line(s.as_is, sales).mean_wait_s.mean);
}

TEST_F(live_center_on_paper, has_work_with_the_messages_of_callers) {
    const auto closed_by_night = [&](const char* action) {
        return simulate(parse(
            {{"queues",
              {{"Support",
                {{"open", {{{"days", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}, {"from", 8}, {"until", 20}}}},
                 {"closed_action", action}}}}}}));
    };
    const auto work = [](const auto& s) {
        double sum = 0;
        for (const auto& a : s.changed.agents) sum += *a.occupancy.mean;
        return sum;
    };
    const auto messages = closed_by_night("voicemail"), callbacks = closed_by_night("callback");
    EXPECT_EQ(*line(messages.changed, support).turned_away.mean, *line(callbacks.changed, support).turned_away.mean)
        << "nobody gets through by night";
    EXPECT_GT(work(messages), 1.5 * work(callbacks)) << "but somebody listens to what they said";
}

TEST_F(live_center_on_paper, adds_and_removes_people_and_scales_arrivals) {
    const auto s = simulate(parse({{"arrivals", 0.5},
                                   {"remove_agents", {"agent1"}},
                                   {"add_agents", {{{"like", "agent7"}, {"count", 2}, {"skills", {{"French", 3}}}}}}}));
    EXPECT_PRED2(holds, line(s.changed, support).offered, 30 * 168.0);
    EXPECT_EQ(s.as_is.agents.size(), 7);
    EXPECT_EQ(s.changed.agents.size(), 8);
    const auto four = *erlang_c({.arrivals_per_s = 30.0 / 3600, .handle_s = 240}, 4, 20);
    EXPECT_PRED2(holds, line(s.changed, support).service_level, four.service_level);
}

TEST_F(live_center_on_paper, lets_people_leave_as_impatient_as_they_were) {
    record.patience = {{sales, 100, 100 * 300.0}}; // five minutes in the mean
    const auto s = simulate();
    const auto exact = erlang_a({.arrivals_per_s = 5.0 / 3600, .handle_s = 600, .patience_s = 300}, 1, 20);
    const auto& chats = line(s.as_is, sales);
    EXPECT_NEAR(*chats.abandoned.mean / *chats.offered.mean, exact.p_abandon, 0.02);
    EXPECT_EQ(*line(s.as_is, support).abandoned.mean, 0) << "callers are not known to leave";
}

TEST_F(live_center_on_paper, works_in_the_hours_in_which_people_were_ready) {
    for (std::int64_t a = 1; a <= 7; ++a) {
        recorded_presence p;
        p.agent = a;
        for (std::size_t h = 0; h < hours_of_week; ++h) p.ready_s[h] = h % 24 >= 9 && h % 24 < 17 ? 4 * 3600 : 0;
        record.presence.push_back(p);
    }
    for (auto& s : record.streams)
        for (std::size_t h = 0; h < hours_of_week; ++h)
            if (h % 24 < 9 || h % 24 >= 16) s.arrivals[h] = 0;
    const auto s = simulate();
    for (const auto& h : s.as_is.hours)
        EXPECT_EQ(h.service_level.mean.has_value(), h.hour >= 9 && h.hour < 16) << h.hour;
    EXPECT_GT(*line(s.as_is, support).answered.mean, 0);
}

TEST_F(live_center_on_paper, takes_arrivals_from_a_forecast) {
    const auto by = [&](const std::string& text) {
        const auto c = with_forecast(center_of(record), record, text);
        EXPECT_TRUE(c.has_value()) << (c ? "" : c.error()[0].field + " " + c.error()[0].message);
        return c.value_or(live_center{});
    };
    const auto csv =
        by("queue,channel,day,hour,arrivals,handle_s\nSupport,phone,*,8,30,120\nSupport,phone,mon,9,12,\n");
    const auto jsn = by(R"({"streams":[{"queue":"Support","channel":"phone","handle_s":120,"arrivals":[)"
                        R"(0,0,0,0,0,0,0,0,30,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]})");
    ASSERT_EQ(csv.streams.size(), 1);
    ASSERT_EQ(jsn.streams.size(), 1);
    EXPECT_EQ(csv.streams[0].per_hour[8], 30);
    EXPECT_EQ(csv.streams[0].per_hour[9], 12);
    EXPECT_EQ(csv.streams[0].per_hour[24 + 9], 0) << "Tuesday";
    EXPECT_EQ(jsn.streams[0].per_hour[6 * 24 + 8], 30);
    EXPECT_EQ(csv.streams[0].handle.mean, 120);
    EXPECT_EQ(jsn.hours.size(), 168);
    const auto wrong =
        with_forecast(center_of(record), record, "queue,channel,day,hour,arrivals\nNowhere,phone,*,25,x\n");
    ASSERT_FALSE(wrong.has_value());
    EXPECT_GE(wrong.error().size(), 3) << "the hour, the number and the queue";
}

TEST_F(live_center_on_paper, says_all_that_is_wrong_with_a_what_if) {
    const auto fields = wrong_fields({{"arrivals", "many"},
                                      {"agents", {{"nobody", {{"skills", {{"Klingon", 5}}}}}}},
                                      {"queues", {{"Support", {{"colour", "red"}, {"overflow", "Nowhere"}}}}}});
    for (const auto* field : {"arrivals", "agents.nobody", "agents.nobody.skills.Klingon", "queues.Support.colour",
                              "queues.Support.overflow"})
        EXPECT_NE(std::ranges::find(fields, field), fields.end()) << field;
    what_if impossible;
    auto& q = impossible.queues.emplace_back();
    q.queue_id = support;
    q.arrivals = -1;
    q.overflow_queue_id = 404;
    const auto refused = changed(center_of(record), impossible);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().size(), 2);
}

TEST_F(live_center_on_paper, is_refused_when_it_is_too_much_and_stops_when_it_is_told) {
    const auto c = center_of(record);
    options.most_customers = 1000;
    EXPECT_EQ(compare(c, c, options).error().field, "replications");
    options.most_customers = 1e9;
    std::stop_source stop;
    stop.request_stop();
    options.stop = stop.get_token();
    EXPECT_EQ(compare(c, c, options).error().message, "stopped");
    EXPECT_FALSE(compare(live_center{}, live_center{}, {}).has_value()) << "nothing recorded";
}

TEST_F(live_center_on_paper, draws_both_worlds) {
    options.replications = 3;
    const auto svg = to_svg(simulate());
    EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    const auto bands = [&](const std::string& what) {
        std::size_t n = 0;
        for (auto at = svg.find(what); at != std::string::npos; at = svg.find(what, at + 1)) ++n;
        return n;
    };
    EXPECT_EQ(bands("class=\"now b\""), 48) << "24 hours of two panels";
    EXPECT_EQ(bands("class=\"then b\""), 48);
}

} // namespace
} // namespace switchboard::routing
