#include "unit/intake/plan_fixture.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::intake {
namespace {

using nlohmann::json;
using store::leaving;

inbound_contact leg(const std::string& id, const std::string& disposition, std::int64_t talk_s = 0) {
    auto c = call("c-1");
    c.external_id = id;
    c.occurred_at = noon - 60s;
    c.duration_s = talk_s;
    if (disposition != "answered") c.flags = {"missed"};
    const json about{{"id", id}, {"disposition", disposition}, {"talk_s", talk_s}};
    c.details = json{{"disposition", disposition}, {"legs", json::array({about})}}.dump();
    return c;
}

contact_event progress(const std::string& type, json details = json::object()) {
    return {type, "c-1", noon, details.dump()};
}

class calls : public planning {
protected:
    /// A call that rings, on a ticket that waits.
    void ringing() {
        auto& t = known(500);
        t.summary.channel = "phone";
        auto c = call("c-1");
        c.occurred_at = noon - 60s;
        answers.contacts[{phone_gateway, "c-1"}] = {900, 500, "ticketed", {}, {}};
        answers.calls[{phone_gateway, "c-1"}] = {900, 500, true, c};
        answers.event_targets[{phone_gateway, "c-1"}] = answers.contacts.begin()->second;
    }
    static json details(const inbound_contact& c) { return json::parse(c.details); }
};

TEST_F(calls, of_many_legs_are_one_row_of_their_group) {
    add(phone_gateway, leg("leg-1", "no_answer"));
    add(phone_gateway, leg("leg-2", "answered", 120));
    add(phone_gateway, leg("leg-2", "answered", 120));
    const auto done = planned();
    ASSERT_EQ(done.contacts.size(), 1u);
    EXPECT_EQ(done.contacts[0].external_id, "c-1");
    ASSERT_TRUE(done.contacts[0].call);
    EXPECT_EQ(done.contacts[0].call->duration_s, 120);
    EXPECT_TRUE(done.contacts[0].call->flags.empty());
    EXPECT_EQ(done.call_reports.size(), 1u) << "the bytes of the first are the contact's";
    EXPECT_FALSE(done.receipts[1].duplicate);
    EXPECT_TRUE(done.receipts[2].duplicate);
    EXPECT_TRUE(done.ended_calls.empty()) << "it was answered after all";
    EXPECT_TRUE(done.calls.empty()) << "nothing is known that would change";
}

TEST_F(calls, that_are_known_are_completed_by_what_is_told_later) {
    ringing();
    add(phone_gateway, leg("c-1", "answered", 60));
    const auto done = planned();
    EXPECT_TRUE(done.contacts.empty());
    ASSERT_TRUE(done.calls.contains(900));
    EXPECT_EQ(done.calls.at(900).now.duration_s, 60);
    EXPECT_EQ(done.receipts[0].contact_id, 900);
    EXPECT_EQ(done.receipts[0].outcome, "event");
    EXPECT_EQ(done.ended_calls.at(500).how, leaving::call_over);
}

TEST_F(calls, that_are_hung_up_leave_their_ticket_once) {
    ringing();
    add(phone_gateway, progress("hangup"));
    auto later = progress("hangup");
    later.at = noon + 1s;
    add(phone_gateway, later);
    const auto done = planned();
    EXPECT_EQ(done.ended_calls.size(), 1u);
    EXPECT_EQ(done.ended_calls.at(500).how, leaving::hung_up);
    EXPECT_THAT(done.calls.at(900).now.flags, testing::ElementsAre("missed"));
}

TEST_F(calls, that_are_answered_say_by_whom_or_stay_where_they_are) {
    ringing();
    add(phone_gateway, progress("answered"));
    EXPECT_TRUE(planned().ended_calls.empty());
    group.clear();
    add(phone_gateway, progress("answered", {{"agent", "mia"}}));
    const auto done = planned();
    EXPECT_EQ(done.ended_calls.at(500).how, leaving::answered_elsewhere);
    EXPECT_EQ(done.ended_calls.at(500).agent, "mia");
}

TEST_F(calls, end_before_they_begin_where_that_was_told_first) {
    answers.events.emplace(phone_gateway, "c-1", "hangup", noon, "{}");
    add(phone_gateway, call("c-1"));
    const auto done = planned();
    ASSERT_TRUE(done.contacts.at(0).call);
    EXPECT_THAT(done.contacts[0].call->flags, testing::ElementsAre("missed"));
    EXPECT_EQ(done.ended_calls.at(done.tickets.at(0).summary.id).how, leaving::hung_up);
}

TEST_F(calls, of_which_a_consultation_was_told_first_come_in_all_the_same) {
    auto inside = leg("leg-2", "answered", 20);
    inside.direction = "out";
    inside.from = {"", "", "1001"};
    inside.details = json{{"internal", true}, {"disposition", "answered"}, {"legs", json::array()}}.dump();
    add(phone_gateway, inside);
    add(phone_gateway, leg("leg-1", "answered", 60));
    const auto done = planned();
    ASSERT_EQ(done.tickets.size(), 1u);
    EXPECT_EQ(done.tickets[0].summary.state, "waiting");
    EXPECT_EQ(done.tickets[0].summary.customer->id, done.customers.at(0).id);
    EXPECT_EQ(done.contacts.at(0).call->direction, "in");
}

TEST_F(calls, of_hidden_callers_find_nobodys_ticket) {
    add(phone_gateway, call("c-1", ""));
    add(phone_gateway, call("c-2", ""));
    const auto done = planned();
    EXPECT_EQ(done.tickets.size(), 2u);
    EXPECT_TRUE(done.customers.empty());
}

TEST_F(calls, end_nothing_on_a_ticket_that_is_no_call) {
    ringing();
    answers.tickets.back().summary.channel = "email";
    add(phone_gateway, progress("hangup"));
    EXPECT_TRUE(planned().ended_calls.empty());
}

} // namespace
} // namespace switchboard::intake
