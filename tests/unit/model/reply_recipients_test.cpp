#include <switchboard/model/reply_recipients.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const house_addresses house{"support@shop.example", "sales@shop.example", "noreply@form.example"};

std::vector<party> list(std::initializer_list<const char*> addresses) {
    std::vector<party> out;
    for (const auto* address : addresses) out.push_back({"email", address, ""});
    return out;
}

said from(const char* address, std::vector<party> cc = {}) {
    return {.from = {"email", address, ""}, .to = list({"support@shop.example"}), .cc = std::move(cc)};
}
said sent(std::vector<party> to) {
    return {.inbound = false, .from = {"email", "support@shop.example", ""}, .to = std::move(to)};
}
said machine(const char* address) {
    auto out = from(address);
    out.machine = true;
    return out;
}

std::vector<std::string> names(const std::vector<party>& parties) {
    std::vector<std::string> out;
    for (const auto& p : parties) out.push_back(p.value);
    return out;
}

reply_recipients answer(std::vector<said> contacts) {
    return recipients_of_reply(contacts, house);
}

TEST(recipients_of_a_reply, are_who_wrote_and_on_request_the_others) {
    auto first = from("una@x", list({"vic@x", "sales@shop.example", "una@x", "support+t.7.ab@shop.example"}));
    const auto r = answer({first});
    EXPECT_EQ(r.answered, 0u);
    EXPECT_THAT(names(r.to), ElementsAre("una@x"));
    EXPECT_THAT(names(r.others), ElementsAre("vic@x"));
    EXPECT_THAT(r.newcomers, IsEmpty());
}

TEST(recipients_of_a_reply, are_the_last_persons_not_a_machines) {
    EXPECT_THAT(names(answer({from("una@x"), sent(list({"una@x"})), machine("vic@x")}).to), ElementsAre("una@x"));
    const auto alone = answer({machine("alarm@device")});
    EXPECT_EQ(alone.answered, std::nullopt);
    EXPECT_THAT(alone.to, IsEmpty());
    EXPECT_THAT(names(alone.others), ElementsAre("alarm@device")) << "only if the agent says so";
    EXPECT_THAT(names(answer({machine("alarm@device"), sent(list({"una@x"}))}).to), ElementsAre("una@x"));
}

TEST(recipients_of_a_reply, are_never_a_list_or_ourselves) {
    auto c = from("bo@x", list({"support@shop.example"}));
    c.to = list({"users@lists"});
    c.reply_to = list({"users@lists", "support@shop.example", "noreply@form.example"});
    c.lists = {"users@lists"};
    const auto r = answer({c});
    EXPECT_THAT(names(r.to), ElementsAre("bo@x"));
    EXPECT_THAT(r.others, IsEmpty());
    EXPECT_THAT(r.reply_to, IsEmpty());
    EXPECT_THAT(names(answer({from("una@x"), from("support@shop.example")}).to), ElementsAre("una@x"));
}

TEST(recipients_of_a_reply, follow_a_reply_to_only_where_the_ticket_has_corresponded) {
    auto forged = from("una@x");
    forged.reply_to = list({"thief@y"});
    for (const auto& contacts : {std::vector<said>{forged}, {from("una@x"), forged}, {from("una@x"), forged, forged}}) {
        const auto r = answer(contacts);
        EXPECT_THAT(names(r.to), ElementsAre("una@x"));
        EXPECT_THAT(names(r.reply_to), ElementsAre("thief@y"));
        EXPECT_THAT(r.newcomers, ElementsAre("thief@y"));
    }
    auto named = from("una@x", list({"thief@y"}));
    EXPECT_THAT(names(answer({from("una@x"), named, forged}).to), ElementsAre("una@x"))
        << "one forged mail brings in nobody for the next";
    const auto meant = answer({from("una@x"), sent(list({"thief@y"})), forged});
    EXPECT_THAT(names(meant.to), ElementsAre("thief@y")) << "an agent has written there";
    EXPECT_THAT(names(meant.others), ElementsAre("una@x"));
    EXPECT_THAT(meant.newcomers, IsEmpty());
}

TEST(recipients_of_a_reply, that_are_new_on_the_ticket_are_offered_and_flagged) {
    const auto r = answer({from("una@x"), from("vic@x", list({"wes@x", "una@x"}))});
    EXPECT_THAT(names(r.to), ElementsAre("una@x")) << "a reference to one of its mails makes nobody part of a ticket";
    EXPECT_THAT(names(r.others), ElementsAre("vic@x"));
    EXPECT_THAT(r.newcomers, ElementsAre("vic@x"));
    const auto named = answer({from("una@x", list({"vic@x"})), from("vic@x", list({"wes@x", "una@x"}))});
    EXPECT_THAT(names(named.to), ElementsAre("vic@x")) << "una's mail named him";
    EXPECT_THAT(names(named.others), ElementsAre("wes@x", "una@x"));
    EXPECT_THAT(named.newcomers, ElementsAre("wes@x"));
}

TEST(recipients_of_a_reply, are_no_colleagues_where_somebody_else_wrote) {
    const house_addresses colleagues{"amira@x"};
    const said una = from("una@x"), amira = from("amira@x");
    EXPECT_THAT(names(recipients_of_reply(std::vector{una, amira}, house, colleagues).to), ElementsAre("una@x"));
    EXPECT_THAT(names(recipients_of_reply(std::vector{amira}, house, colleagues).to), ElementsAre("amira@x"));
}

TEST(recipients_of_a_reply, to_a_form_are_all_who_filled_it_in) {
    auto c = from("ann@x");
    c.more_senders = list({"bob@x"});
    c.reply_to = list({"ann@x", "bob@x"});
    const auto r = answer({c});
    EXPECT_THAT(names(r.to), ElementsAre("ann@x", "bob@x"));
    EXPECT_THAT(r.reply_to, IsEmpty());
}

TEST(recipients_of_a_reply, of_no_contact_are_nobody) {
    const auto r = answer({});
    EXPECT_THAT(r.to, IsEmpty());
    EXPECT_EQ(r.answered, std::nullopt);
}

} // namespace
} // namespace switchboard
