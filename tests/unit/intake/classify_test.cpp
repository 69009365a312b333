#include "intake/classify.hpp"
#include "intake/word_search.hpp"

#include "unit/intake/plan_fixture.hpp"

#include <switchboard/store/intake.hpp>
#include <switchboard/util/form.hpp>

namespace switchboard::intake {
namespace {

struct word_case {
    const char *text, *word;
    bool found;
};
class whole_words : public testing::TestWithParam<word_case> {};

TEST_P(whole_words, without_regard_to_case) {
    EXPECT_EQ(has_word(fold(GetParam().text), fold(GetParam().word)), GetParam().found)
        << GetParam().word << " in " << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    cases, whole_words,
    testing::Values(word_case{"Please send the INVOICE.", "invoice", true}, word_case{"invoices", "invoice", false},
                    word_case{"reinvoice", "invoice", false}, word_case{"reinvoice invoice", "invoice", true},
                    word_case{"invoice", "invoice", true}, word_case{"in-voice (invoice)", "invoice", true},
                    word_case{"my_invoice", "invoice", false}, word_case{"credit card is gone", "Credit Card", true},
                    word_case{"KÜNDIGUNG jetzt", "kündigung", true}, word_case{"Kündigungen", "kündigung", false},
                    word_case{"STRASSE", "straße", true}, word_case{"ОПЛАТА счёта", "оплата", true},
                    word_case{"u\u0308ber", "über", true}, word_case{"我要退款谢谢", "退款", true},
                    word_case{"anything", "", false}, word_case{"", "word", false}, word_case{"c++ is", "c++", true},
                    word_case{"\xC3", "\xC3x", false}));

rule of(std::string_view conditions, std::string_view actions) {
    rule out;
    put(out.conditions, from_own_json(conditions));
    put(out.actions, from_own_json(actions));
    return out;
}

class conditions : public testing::TestWithParam<std::pair<const char*, bool>> {};

TEST_P(conditions, all_must_hold) {
    store::intake_rows rows;
    rows.rules.push_back(of(GetParam().first, R"({"queue_id": 20})"));
    auto config = center();
    config.rules = make_config(rows).rules;
    ASSERT_EQ(config.rules.size(), 1u);
    auto c = mail("m1", "Ada@Example.com");
    c.to = {{"email", "support@shop.example", ""}};
    c.mail.recipients = {"hidden@shop.example"};
    c.subject = "Invoice";
    c.text = "It is wrong.";
    c.language = "de-AT";
    const auto got = classify(config, config.gateways.at(mail_gateway), c);
    EXPECT_EQ(got.queue_id == billing, GetParam().second) << GetParam().first;
}
INSTANTIATE_TEST_SUITE_P(
    cases, conditions,
    testing::Values(
        std::pair{"{}", true}, std::pair{R"({"gateway_ids": [1, 9]})", true},
        std::pair{R"({"gateway_ids": [2]})", false}, std::pair{R"({"channels": ["email"]})", true},
        std::pair{R"({"channels": ["fax"]})", false}, std::pair{R"({"addresses": ["ada@example.com"]})", true},
        std::pair{R"({"addresses": ["*@EXAMPLE.com"]})", true}, std::pair{R"({"addresses": ["*@ample.com"]})", false},
        std::pair{R"({"addresses": ["support@shop.example"]})", true},
        std::pair{R"({"addresses": ["hidden@shop.example"]})", true}, std::pair{R"({"words": ["invoice"]})", true},
        std::pair{R"({"words": ["Wrong", "refund"]})", true}, std::pair{R"({"words": ["refund"]})", false},
        std::pair{R"({"words": ["\u200b"]})", false}, std::pair{R"({"languages": ["de"]})", true},
        std::pair{R"({"languages": ["d"]})", false}, std::pair{R"({"languages": ["de-AT"]})", true},
        std::pair{R"({"channels": ["email"], "words": ["refund"]})", false},
        std::pair{R"({"channels": ["email"], "words": ["invoice"]})", true}));

class actions : public testing::Test {
protected:
    classification run(std::vector<std::string> acts, std::int64_t gateway = mail_gateway) {
        store::intake_rows rows;
        for (const auto& a : acts) rows.rules.push_back(of("{}", a));
        auto config = center();
        config.rules = make_config(rows).rules;
        return classify(config, config.gateways.at(gateway), mail("m1"));
    }
};

TEST_F(actions, the_first_to_name_a_queue_or_a_priority_wins) {
    const auto got =
        run({R"({"priority": 8})", R"({"queue_id": 20, "priority": 2, "tier": 0})", R"({"queue_id": 10})"});
    EXPECT_EQ(got.queue_id, billing);
    EXPECT_EQ(got.priority, 8);
    EXPECT_EQ(got.tier, 0);
}

TEST_F(actions, skills_and_licences_add_up_with_the_queues_own) {
    const auto got =
        run({R"({"queue_id": 20, "skills": [{"skill_id": 1, "min": 2}, {"skill_id": 7, "min": 5}]})",
             R"({"skills": [{"skill_id": 1, "min": 4}], "licences": [{"licence_id": 3, "jurisdiction": "DE"}]})",
             R"({"licences": [{"licence_id": 3, "jurisdiction": "DE"}]})"});
    ASSERT_EQ(got.skills.size(), 2u);
    EXPECT_EQ(got.skills[0].skill_id, 1);
    EXPECT_EQ(got.skills[0].min, 4) << "the higher of two levels";
    EXPECT_EQ(got.skills[1].min, 5) << "the queue asks for 3 only";
    EXPECT_EQ(got.licences.size(), 1u);
}

TEST_F(actions, stop_ends_the_run) {
    EXPECT_EQ(run({R"({"stop": true})", R"({"queue_id": 20})"}).queue_id, support);
}

TEST_F(actions, a_queue_that_is_gone_or_asleep_does_not_take_the_ticket) {
    EXPECT_EQ(run({R"({"queue_id": 999})", R"({"queue_id": 30})", R"({"queue_id": 20})"}).queue_id, billing);
    EXPECT_EQ(run({R"({"queue_id": 999})"}, fax_gateway).queue_id, billing) << "the gateway's own, then";
}

} // namespace
} // namespace switchboard::intake
