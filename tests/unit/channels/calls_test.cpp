// What several reports say of one call together.

#include "unit/channels/records_support.hpp"

#include <switchboard/channels/calls.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace switchboard::channels {
namespace {

using nlohmann::json;

inbound_contact told(const json& more, const std::string& id = "c-1") {
    json call{{"call_id", id},
              {"direction", "in"},
              {"from", "0301234567"},
              {"to", "+49305550100"},
              {"started_at", "2026-11-20T09:00:00Z"}};
    call.update(more);
    return request{"phone", call.dump(), german()}.contact();
}

contact_event progress(const std::string& type, const std::string& at, json more = json::object()) {
    more.update(json{{"event", type}, {"call_id", "c-1"}});
    if (!at.empty()) more["at"] = at;
    return request{"phone", more.dump(), german()}.only<contact_event>();
}

constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{12}};

/// All of them, in their order; empty when none brought anything new.
std::optional<inbound_contact> together(const std::vector<inbound_contact>& reports) {
    auto known = reports.at(0);
    for (std::size_t i = 1; i < reports.size(); ++i)
        if (auto more = completed(known, reports[i])) known = std::move(*more);
    return known;
}

std::vector<inbound_contact> rows(const std::string& folder, const std::string& kind, const std::string& name) {
    const auto read = [&](const std::string& file) {
        std::ifstream in{"tests/data/call_cases/" + folder + "/" + file, std::ios::binary};
        return std::string{std::istreambuf_iterator<char>(in), {}};
    };
    std::vector<inbound_contact> out;
    for (auto& record : request{kind, read(name), settings_from_json(read("cfg.json")).value()}.records())
        out.push_back(std::get<inbound_contact>(record));
    return out;
}

TEST(a_call, told_at_ringing_and_when_over_has_all_of_both_case_14) {
    const auto ringing = told(json::object());
    EXPECT_EQ(state_of(ringing), call_state::rings);
    const auto over = told({{"answered_at", "2026-11-20T09:00:09Z"},
                            {"ended_at", "2026-11-20T09:04:32Z"},
                            {"recording_url", "https://pbx.example/1.wav"},
                            {"notes", "Wants a refund"},
                            {"agent", "mia"}});
    for (const auto& known : {completed(ringing, over), completed(over, ringing)}) {
        const auto& all = known ? *known : over;
        EXPECT_EQ(all.duration_s, 263);
        EXPECT_EQ(all.text, "Wants a refund");
        EXPECT_EQ(details(all)["recording_url"], "https://pbx.example/1.wav");
        EXPECT_EQ(details(all)["agent"], "mia");
        EXPECT_EQ(details(all)["ring_s"], 9);
        EXPECT_EQ(details(all)["disposition"], "answered");
        EXPECT_TRUE(all.flags.empty());
        EXPECT_EQ(state_of(all), call_state::ended);
    }
    EXPECT_FALSE(completed(*completed(ringing, over), over)) << "nothing new";
    EXPECT_FALSE(completed(ringing, ringing));
}

TEST(a_call, gets_its_recording_later_and_notes_of_several_people) {
    const auto over =
        told({{"answered_at", "2026-11-20T09:00:09Z"}, {"ended_at", "2026-11-20T09:04:32Z"}, {"notes", "First"}});
    const auto with = completed(over, told({{"recording_url", "https://pbx.example/1.wav"}, {"notes", "Second"}}));
    ASSERT_TRUE(with);
    EXPECT_EQ(details(*with)["recording_url"], "https://pbx.example/1.wav");
    EXPECT_EQ(with->text, "First\nSecond");
    EXPECT_EQ(with->duration_s, 263);
    EXPECT_FALSE(completed(*with, told({{"notes", "First"}})));
}

TEST(a_call, is_missed_when_it_ends_unanswered_and_not_when_an_answer_is_told_late) {
    const auto ringing = told(json::object());
    const auto gone =
        completed(ringing, progress("hangup", "2026-11-20T09:00:30Z", {{"cause", "ORIGINATOR_CANCEL"}}), noon);
    ASSERT_TRUE(gone);
    EXPECT_TRUE(has_flag(*gone, "missed"));
    EXPECT_EQ(gone->duration_s, 0);
    EXPECT_EQ(details(*gone)["ring_s"], 30);
    EXPECT_EQ(details(*gone)["disposition"], "missed");
    EXPECT_EQ(details(*gone)["hangup_cause"], "ORIGINATOR_CANCEL");
    EXPECT_EQ(state_of(*gone), call_state::missed);
    EXPECT_FALSE(completed(*gone, progress("hangup", "2026-11-20T09:00:31Z"), noon));

    const auto taken = completed(*gone, progress("answered", "2026-11-20T09:00:10Z", {{"agent", "mia"}}), noon);
    ASSERT_TRUE(taken);
    EXPECT_FALSE(has_flag(*taken, "missed"));
    EXPECT_EQ(taken->duration_s, 20);
    EXPECT_EQ(details(*taken)["agent"], "mia");
    EXPECT_EQ(state_of(*taken), call_state::ended);
}

TEST(a_call, is_where_its_progress_says_and_a_report_knows_the_times_better) {
    auto call = told(json::object());
    const auto then = [&](const auto& more, const auto&... received) {
        auto next = completed(call, more, received...);
        ASSERT_TRUE(next);
        call = std::move(*next);
    };
    then(progress("ringing", ""), noon);
    EXPECT_EQ(state_of(call), call_state::rings);
    then(progress("answered", "2026-11-20T09:00:12Z"), noon);
    EXPECT_EQ(state_of(call), call_state::talks);
    EXPECT_EQ(call.duration_s, std::nullopt);
    then(progress("hangup", ""), noon);
    EXPECT_EQ(state_of(call), call_state::ended);
    then(told({{"answered_at", "2026-11-20T09:00:10Z"}, {"ended_at", "2026-11-20T09:01:10Z"}}));
    EXPECT_EQ(call.duration_s, 60);
    EXPECT_EQ(details(call)["ring_s"], 10);
}

TEST(a_call, that_rings_with_five_and_is_taken_by_one_is_answered_in_any_order_cases_04_and_05) {
    for (const char* folder : {"04-ast-ringall-five-rows", "05-ast-ringall-without-uniqueid"}) {
        auto legs = rows(folder, "asterisk", "Master.csv");
        ASSERT_EQ(legs.size(), 5u);
        for (int turn = 0; turn < 5; ++turn) {
            const auto call = together(legs);
            EXPECT_FALSE(has_flag(*call, "missed")) << folder << turn;
            EXPECT_EQ(call->duration_s, 120);
            EXPECT_EQ(details(*call)["agent"], "1004");
            EXPECT_EQ(details(*call)["ring_s"], 9);
            EXPECT_EQ(details(*call)["legs"].size(), 5u);
            for (const auto& leg : legs) EXPECT_FALSE(completed(*call, leg)) << "it is a repeat";
            std::ranges::rotate(legs, legs.begin() + 1);
        }
        std::erase_if(legs, [](const inbound_contact& leg) { return leg.duration_s > 0; });
        EXPECT_TRUE(has_flag(*together(legs), "missed")) << "once, if nobody took it";
    }
}

TEST(a_call, of_two_legs_lasts_as_long_as_one_of_them_case_01) {
    auto legs = rows("01-fs-legs-with-own-call-uuid", "freeswitch", "a-leg.json");
    legs.push_back(rows("01-fs-legs-with-own-call-uuid", "freeswitch", "b-leg.json").at(0));
    for (int turn = 0; turn < 2; ++turn) {
        const auto call = together(legs);
        EXPECT_EQ(call->duration_s, 90);
        EXPECT_EQ(details(*call)["ring_s"], 6);
        EXPECT_EQ(call->to.at(0).value, "+12125550191") << "the number that the customer dialed";
        EXPECT_EQ(details(*call)["agent"], "1001");
        std::ranges::reverse(legs);
    }
}

std::string transfer_row(const char* source, const char* channel, const char* dstchannel, const char* answer,
                         const char* end, int talk, const char* id) {
    return fmt::format(
        R"("","{}","1001","from-trunk","","{}","{}","Dial","x","2026-07-01 10:00:00",)"
        R"("2026-07-01 10:{}","2026-07-01 10:{}",{},{},"ANSWERED","DOCUMENTATION","{}","","","7.1","{}")",
        source, channel, dstchannel, answer, end, talk + 10, talk, id, id);
}

TEST(a_call, that_is_transferred_is_one_and_its_talk_times_add_up) {
    std::vector<inbound_contact> legs;
    for (const auto& row : {transfer_row("0301234567", "PJSIP/trunk-1", "PJSIP/1001-2", "00:10", "01:10", 60, "1"),
                            transfer_row("1001", "PJSIP/1001-3", "PJSIP/1002-4", "00:50", "01:10", 20, "2"),
                            transfer_row("0301234567", "PJSIP/trunk-1", "PJSIP/1002-4", "01:10", "03:10", 120, "3")})
        legs.push_back(request{"asterisk", row, german()}.contact());
    for (int turn = 0; turn < 3; ++turn) {
        const auto call = together(legs);
        EXPECT_EQ(call->direction, "in") << "the consultation inside the house is a leg";
        EXPECT_EQ(call->from.value, "+49301234567");
        EXPECT_EQ(call->duration_s, 180);
        EXPECT_FALSE(details(*call).contains("internal"));
        std::ranges::rotate(legs, legs.begin() + 1);
    }
}

TEST(a_call, in_a_queue_talks_from_when_the_agents_leg_is_answered) {
    const auto row = [](const char* channel, const char* dstchannel, const char* application, const char* answer,
                        int talk, const char* id) {
        const auto line = fmt::format(
            R"("","0301234567","600","from-trunk","","{}","{}","{}","x","2026-07-01 10:00:00","2026-07-01 10:{}",)"
            R"("2026-07-01 10:01:40",100,{},"ANSWERED","DOCUMENTATION","{}","","","7.1","{}")",
            channel, dstchannel, application, answer, talk, id, id);
        return request{"asterisk", line, german()}.contact();
    };
    const auto queued = row("PJSIP/trunk-1", "Local/1001@from-queue-1;1", "Queue", "00:01", 99, "1");
    EXPECT_EQ(queued.duration_s, 99) << "nothing else is known";
    const auto call = completed(queued, row("Local/1001@from-queue-1;2", "PJSIP/1001-2", "Dial", "00:40", 60, "2"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->duration_s, 60);
    EXPECT_EQ(details(*call)["ring_s"], 40);
}

TEST(a_call, of_very_many_legs_lists_some) {
    const auto first = rows("04-ast-ringall-five-rows", "asterisk", "Master.csv").at(0);
    auto call = first;
    for (int i = 0; i < 300; ++i) {
        auto leg = first;
        auto d = details(leg);
        d["legs"][0]["id"] = "leg " + std::to_string(i);
        leg.details = d.dump();
        if (auto more = completed(call, leg)) call = std::move(*more);
    }
    EXPECT_EQ(details(call)["legs"].size(), 50u);
}

TEST(a_call, of_more_legs_than_are_listed_keeps_the_one_that_was_answered) {
    std::vector<inbound_contact> legs;
    for (int i = 0; i < 60; ++i) {
        const bool answers = i == 57;
        const auto line = fmt::format(
            R"("","0301234567","600","from-trunk","","Local/{0}-{0};2","PJSIP/10{0:02}-1","Dial","x","2026-07-01 10:00:00","{1}",)"
            R"("2026-07-01 10:01:00",60,{2},"{3}","DOCUMENTATION","7.{0}","","","7.1","{0}")",
            i, answers ? "2026-07-01 10:00:20" : "", answers ? 40 : 0, answers ? "ANSWERED" : "NO ANSWER");
        legs.push_back(request{"asterisk", line, german()}.contact());
    }
    json first;
    for (int turn = 0; turn < 2; ++turn) {
        const auto call = together(legs);
        EXPECT_EQ(call->duration_s, 40);
        EXPECT_EQ(call->flags, std::vector<std::string>{});
        const auto listed = details(*call)["legs"];
        EXPECT_EQ(listed.size(), 50);
        EXPECT_TRUE(std::ranges::any_of(listed, [](const json& leg) { return leg["disposition"] == "answered"; }));
        std::ranges::reverse(legs);
    }
}

/// A FreeSWITCH leg; times in seconds after the start.
inbound_contact fs_leg(const std::string& id, const std::string& direction, const std::string& from,
                       const std::string& to, int start, int answer, int end, json flow = json::array()) {
    const auto micros = [](int s) { return std::to_string((1'700'000'000LL + s) * 1'000'000); };
    json variables{{"uuid", id},
                   {"call_uuid", "leg-a"},
                   {"direction", direction},
                   {"start_uepoch", micros(start)},
                   {"answer_uepoch", micros(answer)},
                   {"end_uepoch", micros(end)},
                   {"billsec", std::to_string(end - answer)},
                   {"hangup_cause", "NORMAL_CLEARING"}};
    variables[direction == "outbound" ? "dialed_user" : "last_bridge_to"] = direction == "outbound" ? to : "leg-c";
    flow.push_back({{"caller_profile", {{"caller_id_number", from}, {"destination_number", to}}}});
    return request{"freeswitch", json{{"variables", variables}, {"callflow", flow}}.dump(), german()}.contact();
}

json turn_of(int bridged, int through, int hangup) {
    const auto micros = [](int s) { return s ? std::to_string((1'700'000'000LL + s) * 1'000'000) : "0"; };
    return {{"times",
             {{"answered_time", micros(10)},
              {"bridged_time", micros(bridged)},
              {"transfer_time", micros(through)},
              {"hangup_time", micros(hangup)}}}};
}

TEST(a_call, that_is_put_through_blindly_talks_to_nobody_while_the_next_telephone_rings) {
    const auto one = [] { return fs_leg("leg-b", "outbound", "0301234567", "1001", 0, 10, 40); };
    const auto other = [] { return fs_leg("leg-c", "outbound", "0301234567", "1002", 40, 60, 100); };
    const auto told_turns = fs_leg("leg-a", "inbound", "0301234567", "+49305550100", 0, 10, 100,
                                   json::array({turn_of(60, 0, 100), turn_of(10, 40, 0)}));
    EXPECT_EQ(told_turns.duration_s, 70) << "30 and 40 seconds; it rang for 20 between";
    EXPECT_EQ(details(told_turns)["ring_s"], 10);
    const auto in_vain = fs_leg("leg-a", "inbound", "0301234567", "+49305550100", 0, 10, 100,
                                json::array({turn_of(0, 0, 100), turn_of(10, 40, 0)}));
    EXPECT_EQ(in_vain.duration_s, 30) << "nobody took it after that";
    const auto told_nothing = fs_leg("leg-a", "inbound", "0301234567", "+49305550100", 0, 10, 100);
    for (const auto& customers : {told_turns, told_nothing}) {
        std::vector<inbound_contact> legs{customers, one(), other()};
        for (int turn = 0; turn < 3; ++turn) {
            const auto call = together(legs);
            EXPECT_EQ(call->duration_s, 70);
            EXPECT_EQ(details(*call)["ring_s"], 10);
            std::ranges::rotate(legs, legs.begin() + 1);
        }
    }
}

} // namespace
} // namespace switchboard::channels
