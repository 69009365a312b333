// What is written and not sent, and how far somebody has read: his own on any machine, whatever becomes of the ticket.
#include "support/contact_center.hpp"

#include <switchboard/store/drafts.hpp>
#include <switchboard/util/hash.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;

class drafts : public testing::Test {
protected:
    drafts() {
        support = center.queue("Support", {{"wrapup_s", 0}});
        billing = center.queue("Billing", {{"wrapup_s", 0}});
        center.gateway("mail", "email", support, {{"from_address", "help@shop.example"}});
    }

    /// A ticket that this agent has in hand.
    std::int64_t taken_by(seat& agent) {
        agent.ready();
        const auto ticket = center.mail("mail");
        agent.take();
        return ticket;
    }
    static std::string of(std::int64_t ticket, const std::string& kind = "reply") {
        return "/api/v1/tickets/" + std::to_string(ticket) + "/drafts" + (kind.empty() ? "" : "/" + kind);
    }
    static headers match(const json& draft) { return {{"If-Match", "\"" + draft["version"].dump() + "\""}}; }
    static inline const headers none_yet{{"If-None-Match", "*"}};

    static json all(const client& who, std::int64_t ticket) {
        const auto answer = who.get(of(ticket, ""));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    static json only(const client& who, std::int64_t ticket) {
        const auto items = all(who, ticket)["items"];
        EXPECT_EQ(items.size(), 1u) << items;
        return items.empty() ? json::object() : items[0];
    }
    static http_answer attach(const client& who, std::int64_t ticket, const std::string& name,
                              const std::string& content) {
        return who.post(of(ticket) + "/files", {{"name", name}, {"type", "text/plain"}, {"content", base64(content)}});
    }

    contact_center center;
    std::int64_t support = 0, billing = 0;
};

TEST_F(drafts, are_there_for_their_author_wherever_he_signs_in) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    const json words{{"text", "Dear Ada,\nhalf a sent"},
                     {"to", {{{"value", "ada@example.com"}, {"name", "Ada"}}}},
                     {"cc", {{{"value", "Tom@example.com"}}}},
                     {"basis", 1}};
    const auto saved = ben.http.put(of(ticket), words, none_yet);
    ASSERT_EQ(saved.status, 200) << saved.body;
    EXPECT_EQ(saved.header("etag"), "\"" + saved.json()["version"].dump() + "\"");
    ASSERT_EQ(ben.http.put(of(ticket, "note"), {{"text", "Ask her."}}, none_yet).status, 200);

    const auto elsewhere = all(center.server.person("ben"), ticket);
    ASSERT_EQ(elsewhere["items"].size(), 2u);
    const auto& reply = elsewhere["items"][0];
    EXPECT_EQ(reply["text"], words["text"]);
    EXPECT_EQ(reply["to"], json::parse(R"([{"kind":"email","value":"ada@example.com","name":"Ada"}])"));
    EXPECT_EQ(reply["cc"][0]["value"], "Tom@example.com");
    EXPECT_EQ(reply["basis"], 1);
    EXPECT_EQ(elsewhere["items"][1]["text"], "Ask her.");
    EXPECT_TRUE(elsewhere["others"].empty());
}

TEST_F(drafts, are_known_to_colleagues_but_never_read_by_them) {
    auto ben = center.agent("ben", {support});
    auto carla = center.agent("carla", {support});
    auto dana = center.agent("dana", {billing});
    const auto ticket = taken_by(ben);
    ASSERT_EQ(ben.http.put(of(ticket), {{"text", "a secret word"}}).status, 200);

    const auto told = carla.live.until("draft.changed")["data"];
    EXPECT_EQ(
        told,
        (json{
            {"ticket_id", ticket}, {"agent", {{"id", ben.id}, {"name", "ben"}}}, {"kind", "reply"}, {"exists", true}}));
    const auto seen = all(carla.http, ticket);
    EXPECT_TRUE(seen["items"].empty());
    EXPECT_EQ(seen["others"],
              json::parse(R"([{"agent":{"id":)" + std::to_string(ben.id) + R"(,"name":"ben"},"kind":"reply"}])"));
    EXPECT_THAT(seen.dump(), testing::Not(testing::HasSubstr("secret")));
    EXPECT_EQ(center.sql("SELECT count(*) FROM event WHERE data::text LIKE '%secret%'"), "0");

    ASSERT_EQ(ben.http.remove(of(ticket)).status, 204);
    EXPECT_EQ(carla.live.until("draft.changed")["data"]["exists"], false);
    EXPECT_EQ(dana.http.get(of(ticket, "")).status, 404);
    const auto mark = center.skill("the end");
    dana.live.until([&](const json& f) { return f["type"] == "config.changed" && f["data"]["id"] == mark; });
    for (const auto& f : dana.live.seen) EXPECT_NE(f["type"], "draft.changed");
}

TEST_F(drafts, of_two_tabs_tell_the_later_writer_what_is_there) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    const auto first = ben.http.put(of(ticket), {{"text", "one"}}, none_yet).json();
    const auto second = ben.http.put(of(ticket), {{"text", "two"}}, match(first));
    ASSERT_EQ(second.status, 200);

    for (const auto& late : {match(first), none_yet}) {
        const auto refused = ben.http.put(of(ticket), {{"text", "three"}}, late);
        EXPECT_EQ(refused.status, 412) << refused.body;
        EXPECT_EQ(refused.json()["current"]["text"], "two");
    }
    EXPECT_EQ(ben.http.remove(of(ticket), match(first)).status, 412);
    EXPECT_EQ(only(ben.http, ticket)["text"], "two");
}

TEST_F(drafts, that_are_gone_are_not_taken_for_those_begun_since) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    const auto first = ben.http.put(of(ticket), {{"text", "one"}}, none_yet).json();
    ASSERT_EQ(ben.http.remove(of(ticket), match(first)).status, 204);
    const auto refused = ben.http.put(of(ticket), {{"text", "two"}}, match(first));
    EXPECT_EQ(refused.status, 412);
    EXPECT_FALSE(refused.json().contains("current") && !refused.json()["current"].is_null());
    ASSERT_EQ(ben.http.put(of(ticket), {{"text", "anew"}}, none_yet).status, 200);
    EXPECT_EQ(ben.http.put(of(ticket), {{"text", "two"}}, match(first)).status, 412);
    EXPECT_EQ(only(ben.http, ticket)["text"], "anew");
    EXPECT_EQ(ben.http.remove(of(ticket)).status, 204);
    EXPECT_EQ(ben.http.remove(of(ticket)).status, 204) << "what is gone can be discarded";
}

TEST_F(drafts, end_with_the_sending_and_come_back_with_the_undo) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    ASSERT_EQ(ben.http.put(of(ticket), {{"text", "Here it is."}}, none_yet).status, 200);
    const auto file = attach(ben.http, ticket, "bill.txt", "4711").json();
    EXPECT_EQ(file["size"], 4);
    EXPECT_EQ(only(ben.http, ticket)["files"][0]["name"], "bill.txt");

    const auto sent = ben.act(ticket, "replies",
                              {{"text", "Here it is."},
                               {"to", {{{"value", "ada@example.com"}}}},
                               {"draft_files", {file["id"]}},
                               {"draft_version", only(ben.http, ticket)["version"]},
                               {"solve", "resolved"}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(sent.json()["contact"]["attachments"][0]["name"], "bill.txt");
    EXPECT_TRUE(all(ben.http, ticket)["items"].empty());
    EXPECT_EQ(center.sql("SELECT count(*) FROM draft_file"), "0");

    ASSERT_EQ(ben.http.put(of(ticket, "reply"), {{"text", "P.S."}}, none_yet).status, 200);
    ASSERT_EQ(ben.http.post("/api/v1/contacts/" + sent.json()["contact"]["id"].dump() + "/undo").status, 200);
    const auto back = only(ben.http, ticket);
    EXPECT_EQ(back["text"], "Here it is.\n\nP.S.");
    EXPECT_EQ(back["to"][0]["value"], "ada@example.com");
    ASSERT_EQ(back["files"].size(), 1u);
    const auto bytes = ben.http.get("/api/v1/draft-files/" + back["files"][0]["id"].dump());
    EXPECT_EQ(bytes.body, "4711");
    EXPECT_THAT(bytes.header("content-disposition"), testing::StartsWith("attachment"));
}

TEST_F(drafts, stay_when_the_sending_fails_or_was_of_something_else) {
    auto ben = center.agent("ben", {support});
    auto carla = center.agent("carla", {support});
    const auto ticket = taken_by(ben);
    const auto mine = ben.http.put(of(ticket), {{"text", "mine"}}).json()["version"];
    ASSERT_EQ(carla.http.put(of(ticket), {{"text", "hers"}}).status, 200);
    const auto hers = attach(carla.http, ticket, "hers.txt", "x").json();

    const auto stolen =
        ben.act(ticket, "replies", {{"text", "mine"}, {"draft_files", {hers["id"]}}, {"draft_version", mine}});
    EXPECT_EQ(stolen.status, 422);
    EXPECT_EQ(stolen.json()["errors"][0]["field"], "draft_files");
    EXPECT_EQ(only(ben.http, ticket)["text"], "mine");
    EXPECT_EQ(ben.act(ticket, "notes", {{"text", "n"}}).status, 201);
    EXPECT_EQ(only(ben.http, ticket)["text"], "mine");
    EXPECT_EQ(ben.act(ticket, "replies", {{"text", "by a machine"}}).status, 201);
    EXPECT_EQ(only(ben.http, ticket)["text"], "mine");
    EXPECT_EQ(ben.act(ticket, "replies", {{"text", "mine"}, {"draft_version", mine}}).status, 201);
    EXPECT_TRUE(all(ben.http, ticket)["items"].empty());
    EXPECT_EQ(only(carla.http, ticket)["text"], "hers");
}

TEST_F(drafts, that_have_changed_elsewhere_are_not_sent_as_they_were) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    for (const std::string kind : {"reply", "note"}) {
        const std::string send = kind == "reply" ? "replies" : "notes";
        const auto shown = ben.http.put(of(ticket, kind), {{"text", "old"}}, none_yet).json();
        const auto newer = ben.http.put(of(ticket, kind), {{"text", "newer"}}, match(shown)).json();

        const auto refused = ben.act(ticket, send, {{"text", "old"}, {"draft_version", shown["version"]}});
        EXPECT_EQ(refused.status, 412) << refused.body;
        EXPECT_EQ(refused.json()["current"]["text"], "newer");
        EXPECT_EQ(only(ben.http, ticket)["text"], "newer") << "it is kept";

        EXPECT_EQ(ben.act(ticket, send, {{"text", "newer"}, {"draft_version", newer["version"]}}).status, 201);
        const auto twice = ben.act(ticket, send, {{"text", "newer"}, {"draft_version", newer["version"]}});
        EXPECT_EQ(twice.status, 412) << "it was sent on the other machine";
        EXPECT_FALSE(twice.json().contains("current"));
        EXPECT_EQ(ben.act(ticket, send, {{"text", "x"}, {"draft_version", 0}}).status, 422);
    }
    EXPECT_EQ(center.sql("SELECT count(*) FROM contact WHERE direction = 'out'"), "1");
    EXPECT_EQ(center.sql("SELECT count(*) FROM note"), "1");
}

TEST_F(drafts, that_have_gone_out_already_do_not_go_out_again_with_their_files) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    const auto shown = ben.http.put(of(ticket), {{"text", "the bill"}}, none_yet).json();
    const auto file = attach(ben.http, ticket, "bill.txt", "4711").json();
    const json whole{{"text", "the bill"}, {"draft_files", {file["id"]}}, {"draft_version", shown["version"]}};
    ASSERT_EQ(ben.act(ticket, "replies", whole).status, 201);
    const auto again = ben.act(ticket, "replies", whole);
    EXPECT_EQ(again.status, 412) << again.body;
    EXPECT_EQ(center.sql("SELECT count(*) FROM contact WHERE direction = 'out'"), "1");
}

TEST_F(drafts, outlive_the_right_to_see_their_ticket) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    auto saved = ben.http.put(of(ticket), {{"text", "half a sent"}}, none_yet).json();
    ASSERT_EQ(ben.act(ticket, "transfer", {{"queue_id", billing}}).status, 200);
    ASSERT_EQ(ben.http.get("/api/v1/tickets/" + std::to_string(ticket)).status, 404);

    const auto mine = ben.http.get("/api/v1/me/drafts").json()["items"];
    ASSERT_EQ(mine.size(), 1u);
    EXPECT_EQ(mine[0]["text"], "half a sent");
    EXPECT_EQ(mine[0]["ticket_visible"], false);
    EXPECT_EQ(ben.http.get(of(ticket, "")).status, 404);
    EXPECT_EQ(ben.http.put(of(ticket), {{"text", "half a sentence"}}, match(saved)).status, 200) << "it goes on";
    EXPECT_EQ(ben.http.put(of(ticket, "note"), {{"text", "x"}}, none_yet).status, 404) << "none is begun";
    EXPECT_EQ(ben.http.remove(of(ticket)).status, 204);
    EXPECT_TRUE(ben.http.get("/api/v1/me/drafts").json()["items"].empty());
}

TEST_F(drafts, are_bounded_in_size_number_and_files) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    const auto long_one = ben.http.put(of(ticket), {{"text", std::string(100'001, 'x')}});
    EXPECT_EQ(long_one.status, 422);
    EXPECT_EQ(long_one.json()["errors"][0]["field"], "text");
    EXPECT_EQ(ben.http.put(of(ticket, "letter"), {{"text", "x"}}).status, 404);
    EXPECT_EQ(ben.http.post(of(ticket) + "/files", {{"name", "a"}, {"type", "text/plain"}, {"content", "no base64 !"}})
                  .json()["errors"][0]["field"],
              "content");
    for (std::int64_t i = 0; i < store::drafts::most_files; ++i)
        ASSERT_EQ(attach(ben.http, ticket, std::to_string(i), "x").status, 201);
    EXPECT_EQ(attach(ben.http, ticket, "one more", "x").status, 409);
    center.sql("UPDATE draft_file SET size = 24999999 WHERE id = (SELECT min(id) FROM draft_file)");
    center.sql("DELETE FROM draft_file WHERE id <> (SELECT min(id) FROM draft_file)");
    EXPECT_EQ(attach(ben.http, ticket, "too large", "xx").status, 422);

    center.sql("INSERT INTO ticket (queue_id, channel) SELECT " + std::to_string(support) +
               ", 'email' FROM generate_series(1, 199)");
    center.sql("INSERT INTO draft (ticket_id, agent_id, kind) SELECT id, " + std::to_string(ben.id) +
               ", 'note' FROM ticket WHERE id <> " + std::to_string(ticket));
    const auto one_more = ben.http.put(of(ticket, "note"), {{"text", "x"}}, none_yet);
    EXPECT_EQ(one_more.status, 409);
    EXPECT_EQ(ben.http.put(of(ticket), {{"text", "but this goes on"}}).status, 200);
    const auto page = ben.http.get("/api/v1/me/drafts?limit=150").json();
    EXPECT_EQ(page["items"].size(), 150u);
    EXPECT_EQ(
        ben.http.get("/api/v1/me/drafts?limit=150&after=" + page["next"].get<std::string>()).json()["items"].size(),
        50u);
}

TEST_F(drafts, make_no_line_in_the_timeline) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    ASSERT_EQ(ben.http.put(of(ticket), {{"text", "mine"}}).status, 200);
    const auto timeline = ben.http.get("/api/v1/tickets/" + std::to_string(ticket) + "/timeline").body;
    EXPECT_THAT(timeline, testing::Not(testing::HasSubstr("draft")));
}

class reading : public drafts {
protected:
    std::int64_t another_mail(std::int64_t ticket) {
        const auto first = center.sql("SELECT message_id FROM contact WHERE ticket_id = " + std::to_string(ticket) +
                                      " ORDER BY id LIMIT 1");
        EXPECT_EQ(center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<" + first + ">"}}), ticket);
        return center.number("SELECT max(id) FROM contact WHERE ticket_id = " + std::to_string(ticket));
    }
    static http_answer read(const seat& who, std::int64_t ticket, const json& contact) {
        const json up_to = contact.is_null() ? json::object() : json{{"contact_id", contact}};
        return who.http.put("/api/v1/tickets/" + std::to_string(ticket) + "/read", up_to);
    }
    static json in_list(const client& who, std::int64_t ticket, const std::string& path = "/api/v1/tickets") {
        const auto answer = who.get(path).json();
        for (const auto& t : answer[answer.contains("items") ? "items" : "tickets"])
            if (t["id"] == ticket) return t["unread"];
        return nullptr;
    }
};

TEST_F(reading, is_remembered_for_each_person_on_every_machine) {
    auto ben = center.agent("ben", {support});
    auto carla = center.agent("carla", {support});
    const auto ticket = taken_by(ben);
    const auto first = center.number("SELECT max(id) FROM contact");
    EXPECT_EQ(ben.ticket(ticket)["read"], nullptr);
    EXPECT_EQ(in_list(ben.http, ticket), 1);
    EXPECT_EQ(in_list(carla.http, ticket), 0) << "she has no part in it";

    ASSERT_EQ(read(ben, ticket, first).status, 204);
    const auto elsewhere = center.server.person("ben");
    EXPECT_EQ(elsewhere.get("/api/v1/tickets/" + std::to_string(ticket)).json()["read"]["contact_id"], first);
    EXPECT_EQ(in_list(elsewhere, ticket), 0);
    another_mail(ticket);
    another_mail(ticket);
    EXPECT_EQ(in_list(elsewhere, ticket), 2);
    EXPECT_EQ(in_list(elsewhere, ticket, "/api/v1/me/work"), 2);
    EXPECT_EQ(carla.ticket(ticket)["read"], nullptr);
    ASSERT_EQ(read(carla, ticket, first).status, 204);
    EXPECT_EQ(in_list(carla.http, ticket), 2);
}

TEST_F(reading, is_taken_back_by_hand) {
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    const auto first = center.number("SELECT max(id) FROM contact");
    const auto second = another_mail(ticket);
    ASSERT_EQ(read(ben, ticket, second).status, 204);
    ASSERT_EQ(read(ben, ticket, first).status, 204);
    EXPECT_EQ(in_list(ben.http, ticket), 1);
    ASSERT_EQ(read(ben, ticket, nullptr).status, 204);
    EXPECT_EQ(in_list(ben.http, ticket), 2);
    EXPECT_EQ(ben.ticket(ticket)["read"], (json{{"contact_id", nullptr}, {"at", nullptr}}));

    auto other = center.mail("mail", "bob@example.com");
    const auto refused = read(ben, other, first);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.json()["errors"][0]["field"], "contact_id");
}

class looking : public drafts {
protected:
    static void looks(seat& who, std::int64_t ticket, const json& writing = nullptr) {
        who.live.send({{"type", "viewing"}, {"ticket_id", ticket}, {"writing", writing}});
    }
    static json news(seat& who) { return who.live.until("viewer.changed")["data"]; }
    static json about(const seat& whom, const std::string& name, std::int64_t ticket, bool viewing,
                      const json& writing = nullptr) {
        return {{"ticket_id", ticket},
                {"agent", {{"id", whom.id}, {"name", name}}},
                {"viewing", viewing},
                {"writing", writing}};
    }
    void nothing_comes_to(seat& who) {
        const auto mark = center.skill("mark " + std::to_string(++marks_));
        who.live.until([&](const json& f) { return f["type"] == "config.changed" && f["data"]["id"] == mark; });
        for (const auto& f : who.live.seen) EXPECT_NE(f["type"], "viewer.changed") << f;
    }
    int marks_ = 0;
};

TEST_F(looking, is_told_to_those_who_may_see_the_ticket) {
    auto ben = center.agent("ben", {support});
    auto carla = center.agent("carla", {support});
    auto dana = center.agent("dana", {billing});
    const auto ticket = taken_by(ben);
    looks(ben, ticket);
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, true));
    looks(ben, ticket, "reply");
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, true, "reply"));
    looks(ben, ticket, "note");
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, true, "note"));
    looks(ben, 0);
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, false));
    looks(dana, ticket); // she may not see it, so nobody sees her there
    looks(ben, ticket);
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, true));
    nothing_comes_to(dana);
}

TEST_F(looking, ends_with_the_last_socket_and_is_told_to_who_joins) {
    auto carla = center.agent("carla", {support});
    auto ben = center.agent("ben", {support});
    const auto ticket = taken_by(ben);
    looks(ben, ticket);
    news(carla);
    auto second = center.sign_in("ben");
    looks(second, ticket, "reply");
    news(carla);
    auto dana = center.agent("dana", {billing}), emil = center.agent("emil", {support});
    EXPECT_EQ(emil.live.until("viewers")["items"], json::array({about(ben, "ben", ticket, true, "reply")}));
    EXPECT_EQ(dana.live.until("viewers")["items"], json::array());
    second.live = center.sign_in("emil").live;
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, true)) << "the tab that wrote is gone, the other looks on";
    ben.live = center.sign_in("emil").live;
    EXPECT_EQ(news(carla), about(ben, "ben", ticket, false));
}

TEST_F(looking, follows_the_ticket_to_those_who_see_it_then) {
    auto ben = center.agent("ben", {support});
    auto carla = center.agent("carla", {support});
    auto dana = center.agent("dana", {billing});
    const auto ticket = taken_by(ben);
    auto sonia = center.sign_in("supervisor");
    looks(sonia, ticket);
    news(carla);
    const auto boss = carla.live.seen.back()["data"]["agent"];
    ASSERT_EQ(ben.act(ticket, "transfer", {{"queue_id", billing}}).status, 200);
    EXPECT_EQ(news(carla)["viewing"], false);
    const auto told = news(dana);
    EXPECT_EQ(told["viewing"], true);
    EXPECT_EQ(told["agent"], boss);
}

TEST_F(looking, is_refused_where_the_frame_is_wrong) {
    auto ben = center.agent("ben", {support});
    for (const auto& [frame, field] : std::vector<std::pair<json, std::string>>{
             {{{"type", "viewing"}, {"ticket_id", -1}}, "ticket_id"},
             {{{"type", "viewing"}, {"ticket_id", "1"}}, "ticket_id"},
             {{{"type", "viewing"}, {"ticket_id", 1}, {"writing", "novel"}}, "writing"},
             {{{"type", "viewing"}, {"ticket_id", 1}, {"writing", 1}}, "writing"}}) {
        ben.live.send(frame);
        EXPECT_EQ(ben.live.until("error")["field"], field) << frame;
    }
}

} // namespace
} // namespace switchboard::test
