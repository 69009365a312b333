#include "unit/channels/records_support.hpp"

#include <switchboard/util/time.hpp>

namespace switchboard::channels {
namespace {

using nlohmann::json;

json answered_call() {
    return {{"call_id", "c-1"},
            {"direction", "in"},
            {"from", "030 1234567"},
            {"to", "+49305550100"},
            {"started_at", "2026-11-20T09:00:00Z"},
            {"answered_at", "2026-11-20T09:00:12Z"},
            {"ended_at", "2026-11-20T09:05:12Z"},
            {"agent", "mia"},
            {"notes", "Asks about her invoice"},
            {"recording_url", "https://pbx.example/c-1.wav"},
            {"disposition", "answered"}};
}

request phone(const json& body) {
    return {"phone", body.dump(), german()};
}

TEST(phone_gateway, makes_a_contact_of_an_answered_call) {
    const auto contact = phone(answered_call()).contact();
    EXPECT_EQ(contact.channel, "phone");
    EXPECT_EQ(contact.direction, "in");
    EXPECT_EQ(contact.external_id, "c-1");
    EXPECT_EQ(contact.from, (party{"tel", "+49301234567", ""}));
    EXPECT_EQ(contact.to, (std::vector<party>{{"tel", "+49305550100", ""}}));
    EXPECT_EQ(contact.subject, "Call from +49301234567");
    EXPECT_EQ(contact.text, "Asks about her invoice");
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2026-11-20T09:00:00Z"));
    EXPECT_EQ(contact.duration_s, 300);
    EXPECT_TRUE(contact.flags.empty());
    EXPECT_EQ(details(contact)["ring_s"], 12);
    EXPECT_EQ(details(contact)["call_id"], "c-1");
    EXPECT_EQ(details(contact)["disposition"], "answered");
    EXPECT_EQ(details(contact)["agent"], "mia");
    EXPECT_EQ(details(contact)["recording_url"], "https://pbx.example/c-1.wav");
    EXPECT_EQ(details(contact)["from_dialed"], "030 1234567");
}

TEST(phone_gateway, flags_an_inbound_call_that_nobody_answered) {
    auto call = answered_call();
    call.erase("answered_at");
    call.erase("disposition");
    const auto contact = phone(call).contact();
    EXPECT_TRUE(has_flag(contact, "missed"));
    EXPECT_EQ(contact.duration_s, 0);
    EXPECT_EQ(details(contact)["ring_s"], 312);
    EXPECT_EQ(details(contact)["disposition"], "missed");
}

TEST(phone_gateway, does_not_call_an_outbound_call_missed) {
    auto call = answered_call();
    call.erase("answered_at");
    call["direction"] = "out";
    call["from"] = "1001";
    call["to"] = "0301234567";
    call["disposition"] = "NO ANSWER";
    const auto contact = phone(call).contact();
    EXPECT_EQ(contact.subject, "Call to +49301234567");
    EXPECT_EQ(contact.from, (party{"", "", "1001"})) << "an extension is a name, not a number";
    EXPECT_TRUE(contact.flags.empty());
    EXPECT_EQ(details(contact)["disposition"], "no_answer");
}

TEST(phone_gateway, takes_callers_who_hide_their_number) {
    for (const json& from : {json(""), json(nullptr), json("anonymous"), json("+266696687")}) {
        auto call = answered_call();
        call["from"] = from;
        const auto contact = phone(call).contact();
        EXPECT_EQ(contact.from, party{}) << from;
        EXPECT_EQ(contact.subject, "Call from an unknown number");
    }
}

TEST(phone_gateway, ignores_fields_that_it_does_not_know) {
    auto call = answered_call();
    call["colour"] = json::array({1, 2});
    EXPECT_EQ(phone(call).contact().external_id, "c-1");
}

struct wrong_call {
    const char* field;
    json value; // discarded = absent
};

TEST(phone_gateway, names_the_field_that_is_wrong) {
    const std::vector<wrong_call> table = {
        {"call_id", json(json::value_t::discarded)},
        {"call_id", ""},
        {"call_id", 12},
        {"direction", json(json::value_t::discarded)},
        {"direction", "sideways"},
        {"from", json(json::value_t::discarded)},
        {"from", 493012},
        {"to", json::array()},
        {"started_at", json(json::value_t::discarded)},
        {"started_at", "yesterday"},
        {"started_at", 1700000000},
        {"answered_at", "2026-11-20T08:00:00Z"},
        {"ended_at", "2026-11-20T09:00:05Z"},
        {"notes", json::object()},
        {"agent", true},
    };
    for (const auto& wrong : table) {
        auto call = answered_call();
        if (wrong.value.is_discarded())
            call.erase(wrong.field);
        else
            call[wrong.field] = wrong.value;
        const auto refused = phone(call).only<refused_input>();
        EXPECT_EQ(refused.status, 422) << wrong.field;
        EXPECT_EQ(refused.field, wrong.field);
        EXPECT_NE(refused.reason, "");
    }
}

TEST(phone_gateway, refuses_what_is_no_object) {
    EXPECT_EQ((request{"phone", "{\"call_id\":"}.only<refused_input>().status), 400);
    EXPECT_EQ((request{"phone", ""}.only<refused_input>().status), 400);
    EXPECT_EQ((request{"phone", "[1]"}.only<refused_input>().status), 422);
    EXPECT_EQ((request{"phone", "{\"x\":1e999}"}.only<refused_input>().status), 400);
}

TEST(phone_gateway, reports_the_progress_of_a_call_as_events) {
    for (const char* type : {"ringing", "answered", "hangup"}) {
        const auto event =
            phone({{"event", type}, {"call_id", "c-9"}, {"at", "2026-11-20T09:00:00+01:00"}, {"from", "030 1234567"}})
                .only<contact_event>();
        EXPECT_EQ(event.type, type);
        EXPECT_EQ(event.of, "c-9");
        EXPECT_EQ(event.at, parse_rfc3339("2026-11-20T08:00:00Z"));
        EXPECT_EQ(details(event)["from"], "030 1234567");
    }
    EXPECT_EQ(phone({{"event", "exploded"}, {"call_id", "c"}}).only<refused_input>().field, "event");
    EXPECT_EQ(phone({{"event", "ringing"}}).only<refused_input>().field, "call_id");
}

} // namespace
} // namespace switchboard::channels
