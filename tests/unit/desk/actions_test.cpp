#include "at_hand.hpp"
#include "desk/action_decisions.hpp"

#include <nlohmann/json.hpp>

/// What is done to what a customer has: who may ask for it, who may authorise it, what may become of it.
namespace switchboard::desk {
namespace {

using nlohmann::json;
using store::action_at_hand;
using store::limit_at_hand;

constexpr std::int64_t refund_id = 3, order_kind = 4;

typed_field money_field() {
    typed_field f;
    f.name = "amount", f.label = "Amount", f.type = field_type::money, f.required = true;
    return f;
}

limit_at_hand limit(std::optional<std::int64_t> per_action, std::optional<std::int64_t> per_day = {},
                    std::optional<std::int64_t> per_customer = {}, std::int64_t in_a_day = 0,
                    std::int64_t for_customer = 0) {
    limit_at_hand l{.limit = {}, .used_in_a_day = in_a_day, .used_for_customer = for_customer};
    if (per_action) l.limit.per_action = *per_action;
    if (per_day) l.limit.per_day = *per_day;
    if (per_customer) l.limit.per_customer = *per_customer;
    return l;
}

/// A refund is asked for on the ticket that Ana works on; she has these limits.
action_at_hand refund(std::vector<limit_at_hand> limits) {
    action_at_hand at{.ticket = in_hand().ticket, .limits = std::move(limits)};
    action_kind k;
    k.id = refund_id, k.name = "refund", k.title = "Refund", k.fields = {money_field()};
    k.amount_field = "amount", k.currency = "EUR";
    at.kind = k;
    return at;
}

action_wish of(std::int64_t cents, const char* currency = "EUR") {
    return {.kind = refund_id,
            .form = json{{"amount", {{"amount", cents}, {"currency", currency}}}}.dump(),
            .words = "it came broken"};
}

/// It waits: Ana asked for it. Whoever acts has these limits.
action_at_hand awaiting(std::vector<limit_at_hand> limits, std::int64_t cents = 18'000) {
    auto at = refund({});
    at.action = decide_request(at, ana, of(cents)).value();
    at.action->id = 9;
    at.limits = std::move(limits);
    return at;
}

action_at_hand authorised() {
    auto at = refund({limit(10'000)});
    at.action = decide_request(at, ana, of(5000)).value();
    at.action->id = 9;
    return at;
}

template <class T>
refusal::kind why(const T& decided) {
    return decided.error().why;
}

TEST(asking_for_an_action, is_authorised_at_once_within_ones_limit) {
    const auto a = decide_request(refund({limit(10'000)}), ana, of(10'000)).value();
    EXPECT_EQ(a.state, "authorised");
    EXPECT_EQ(a.authorised_by->id, ana.user_id);
    EXPECT_EQ(a.amount, 10'000);
    EXPECT_EQ(a.currency, "EUR");
    EXPECT_FALSE(a.exceeded);
}

TEST(asking_for_an_action, waits_beyond_it_and_says_why) {
    const auto asked = [](limit_at_hand l) { return decide_request(refund({std::move(l)}), ana, of(5000)).value(); };
    auto a = asked(limit(4999));
    EXPECT_EQ(a.state, "awaiting_approval");
    EXPECT_FALSE(a.authorised_by);
    EXPECT_EQ(a.exceeded, "per_action");
    EXPECT_EQ(a.bound, 4999);
    a = asked(limit({}, 30'000, {}, 25'001));
    EXPECT_EQ(a.exceeded, "per_day");
    EXPECT_EQ(a.used, 25'001);
    a = asked(limit({}, {}, 8000, 0, 3001));
    EXPECT_EQ(a.exceeded, "per_customer");
    EXPECT_EQ(a.used, 3001);
    EXPECT_EQ(decide_request(refund({}), ana, of(5000))->exceeded, "no_authority");
}

TEST(asking_for_an_action, takes_any_of_ones_limits_that_covers_it_whole) {
    EXPECT_EQ(decide_request(refund({limit(9000, 100), limit(6000)}), ana, of(5000))->state, "authorised");
    EXPECT_EQ(decide_request(refund({limit(9000, 100), limit(4000)}), ana, of(5000))->exceeded, "per_day")
        << "two halves make no whole; the widest says why";
}

TEST(asking_for_an_action, costs_something_in_the_currency_of_its_kind) {
    const auto at = refund({limit({})});
    EXPECT_EQ(why(decide_request(at, ana, of(5000, "USD"))), refusal::kind::invalid);
    EXPECT_EQ(why(decide_request(at, ana, of(0))), refusal::kind::invalid);
    EXPECT_EQ(why(decide_request(at, ana, of(-5000))), refusal::kind::invalid);
    EXPECT_EQ(why(decide_request(at, ana, {.kind = refund_id})), refusal::kind::invalid) << "nothing is said";
}

TEST(asking_for_an_action, needs_a_kind_that_can_be_asked_for_and_a_ticket_that_one_has) {
    auto at = refund({limit(10'000)});
    EXPECT_EQ(why(decide_request(at, ben, of(5000))), refusal::kind::forbidden) << "it is Ana's";
    EXPECT_EQ(why(decide_request(at, stranger, of(5000))), refusal::kind::not_found);
    at.kind->active = false;
    EXPECT_EQ(why(decide_request(at, ana, of(5000))), refusal::kind::invalid);
    at.kind.reset();
    EXPECT_EQ(why(decide_request(at, ana, of(5000))), refusal::kind::invalid);
}

TEST(asking_for_an_action, is_of_an_object_of_the_customers_and_of_the_right_kind) {
    auto at = refund({limit(10'000)});
    auto wish = of(5000);
    wish.object = 55;
    EXPECT_EQ(why(decide_request(at, ana, wish)), refusal::kind::invalid) << "it is done to none";
    at.kind->object_kind_id = row_id{order_kind};
    EXPECT_EQ(why(decide_request(at, ana, of(5000))), refusal::kind::invalid) << "to which?";
    EXPECT_EQ(why(decide_request(at, ana, wish)), refusal::kind::invalid) << "it is not there";
    at.object = store::object_at_hand{{55, "shop", "Order", "A-1"}, order_kind, R"({"state":"sent"})", false};
    EXPECT_EQ(why(decide_request(at, ana, wish)), refusal::kind::invalid) << "it is another's";
    at.object->is_customers = true;
    EXPECT_EQ(decide_request(at, ana, wish)->object->key, "A-1");
    at.object->kind_id = order_kind + 1;
    EXPECT_EQ(why(decide_request(at, ana, wish)), refusal::kind::invalid) << "it is a policy";
}

TEST(asking_for_an_action, is_refused_with_the_sentence_of_what_is_not_met) {
    auto at = refund({limit(10'000)});
    action_condition c;
    c.field = "form.amount", c.test = condition_test::at_most, c.value = "4000", c.otherwise = "at most 40 a time";
    at.kind->conditions = {c};
    const auto no = decide_request(at, ana, of(5000));
    EXPECT_EQ(why(no), refusal::kind::conflict);
    EXPECT_EQ(no.error().detail, "at most 40 a time");
}

TEST(approving, is_done_by_somebody_else_within_his_limits) {
    const auto a = decide_approval(awaiting({limit(50'000)}), boss, {}, {}).value();
    EXPECT_EQ(a.state, "authorised");
    EXPECT_EQ(a.authorised_by->id, boss.user_id);
    EXPECT_EQ(a.version, 2);
    EXPECT_EQ(a.exceeded, "no_authority") << "why it had to wait stays";
    EXPECT_EQ(why(decide_approval(awaiting({limit(50'000)}), ana, {}, {})), refusal::kind::forbidden) << "her own";
    EXPECT_EQ(why(decide_approval(awaiting({limit(17'999)}), boss, {}, {})), refusal::kind::forbidden);
    EXPECT_EQ(why(decide_approval(awaiting({limit({}, 20'000, {}, 2001)}), boss, {}, {})), refusal::kind::forbidden);
    EXPECT_EQ(why(decide_approval(awaiting({}), boss, {}, {})), refusal::kind::forbidden);
    EXPECT_EQ(why(decide_approval(awaiting({limit({})}), stranger, {}, {})), refusal::kind::not_found);
}

TEST(approving, may_be_of_less_than_was_asked_for) {
    const auto a = decide_approval(awaiting({limit(10'000)}), boss, {}, 9000).value();
    EXPECT_EQ(a.amount, 9000);
    EXPECT_EQ(a.form["amount"]["amount"].number, 9000) << "the form says what is carried out";
    EXPECT_EQ(why(decide_approval(awaiting({limit({})}), boss, {}, 18'001)), refusal::kind::invalid);
}

TEST(approving, looks_at_what_is_there_still) {
    auto at = awaiting({limit({})});
    EXPECT_EQ(why(decide_approval(at, boss, 7, {})), refusal::kind::stale);
    at.action->object = action_object{55, "shop", "Order", "A-1"};
    EXPECT_EQ(why(decide_approval(at, boss, {}, {})), refusal::kind::conflict) << "the order is gone";
    EXPECT_EQ(why(decide_approval(authorised(), boss, {}, {})), refusal::kind::conflict);
}

TEST(refusing, takes_authority_and_says_why) {
    const auto a = decide_refusal_of(awaiting({limit(1)}), boss, {}, "it is worn").value();
    EXPECT_EQ(a.state, "refused");
    EXPECT_EQ(a.note, "it is worn");
    EXPECT_EQ(a.ended_by->id, boss.user_id);
    EXPECT_EQ(why(decide_refusal_of(awaiting({}), boss, {}, "no")), refusal::kind::forbidden);
    EXPECT_EQ(why(decide_refusal_of(awaiting({limit(1)}), ana, {}, "no")), refusal::kind::conflict);
}

TEST(withdrawing, is_for_who_asked_and_who_has_the_ticket_until_it_is_carried_out) {
    EXPECT_EQ(decide_withdrawal(awaiting({}), ana, {})->state, "withdrawn");
    EXPECT_EQ(decide_withdrawal(authorised(), ana, {})->state, "withdrawn");
    EXPECT_EQ(decide_withdrawal(awaiting({}), boss, {})->ended_by->id, boss.user_id);
    EXPECT_EQ(why(decide_withdrawal(awaiting({}), ben, {})), refusal::kind::forbidden);
    auto at = authorised();
    at.action = decide_confirmation(at, ana, {}, "R-77").value();
    EXPECT_EQ(why(decide_withdrawal(at, ana, {})), refusal::kind::conflict);
}

TEST(carrying_out, is_for_what_is_authorised_and_ends_once) {
    auto at = authorised();
    const auto a = decide_confirmation(at, ana, {}, "R-77").value();
    EXPECT_EQ(a.state, "confirmed");
    EXPECT_EQ(a.reference, "R-77");
    EXPECT_EQ(decide_failure(at, ana, {}, "the shop is shut")->note, "the shop is shut");
    EXPECT_EQ(why(decide_confirmation(awaiting({limit({})}), ana, {}, "")), refusal::kind::conflict);
    EXPECT_EQ(why(decide_confirmation(at, ben, {}, "")), refusal::kind::forbidden);
    at.action = a;
    EXPECT_EQ(why(decide_confirmation(at, ana, {}, "")), refusal::kind::conflict);
    EXPECT_EQ(why(decide_failure(at, ana, {}, "no")), refusal::kind::conflict);
}

} // namespace
} // namespace switchboard::desk
