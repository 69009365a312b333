// Promise 11, for every route and every type of event, by the letters of permission_matrix.inc.
#include "integration/permission_fixture.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace switchboard::test {
namespace {

TEST_F(permission_matrix, has_a_line_for_every_route) {
    std::set<std::string> routes{"UPGRADE /api/v1/live", "UPGRADE /api/v1/chat/{gateway}/live"}; // in no document
    for (const auto& [path, methods] : nouns.document()["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            auto name = method;
            for (char& c : name) c = static_cast<char>(c & ~0x20);
            routes.insert(name + " " + path);
        }
    std::set<std::string> told;
    for (const auto& l : all_lines()) {
        EXPECT_TRUE(told.insert(l.route).second) << l.route << " has two lines";
        EXPECT_EQ(l.letters.size(), 14u) << l.route;
    }
    for (const auto& r : routes)
        EXPECT_TRUE(told.contains(r)) << r << " has no line in tests/integration/permission_matrix.inc: add one that "
                                      << "says who may use it; the letters are explained there";
    for (const auto& l : told)
        EXPECT_TRUE(routes.contains(l)) << l << " is no route (any more): take its line out of "
                                        << "tests/integration/permission_matrix.inc";
}

TEST_F(permission_matrix, holds_for_every_route_and_asker) {
    for (const auto& l : all_lines())
        for (const auto& a : askers) check(l, a);

    // Whatever was done on the way: none of it was told to who sees nothing of it.
    const auto stranger = center.server.person("stranger");
    websocket_client feed{center.server.port(), "/api/v1/live", stranger.identity};
    feed.send({{"type", "hello"}, {"after", "3-0"}}); // from the beginning of the log
    const auto mark = center.skill("the end");
    feed.until([&](const json& f) { return is_of_skill(f, mark); });
    std::set<std::string> types;
    for (const auto& f : feed.seen) {
        if (f["type"] == "customer.changed")
            EXPECT_EQ(
                center.sql("SELECT u.login FROM customer c LEFT JOIN users u ON u.id = c.created_by WHERE c.id = " +
                           f["data"]["customer_id"].dump()),
                "stranger")
                << "he sees nothing of this customer";
        types.insert(f["type"].get<std::string>());
        EXPECT_THAT(f.dump(), testing::Not(testing::AnyOf(testing::HasSubstr(words), testing::HasSubstr("iron4711"))));
    }
    EXPECT_TRUE(types.contains("customer.changed")) << "of those that he has made himself";

    EXPECT_EQ(center.sql("SELECT string_agg(DISTINCT type, ' ') FROM event WHERE data::text LIKE '%" + words +
                         "%' AND queue_id IS NULL"),
              "")
        << "a word of a customer went to no queue";
    for (std::stringstream all{center.sql("SELECT string_agg(DISTINCT type, ' ') FROM event")}; !all.eof();) {
        std::string type;
        all >> type;
        EXPECT_TRUE(events::audience_of(type)) << type << " is written, but is not among events::all";
    }
}

TEST_F(permission_matrix, holds_for_every_type_of_event) {
    std::set<std::string> told;
    for (const auto& l : event_lines) told.emplace(l.type);
    for (const auto& kind : events::all::kinds)
        EXPECT_TRUE(told.contains(std::string{kind.type}))
            << kind.type << " has no line in event_lines of tests/integration/permission_matrix.inc: add one that says "
            << "who is pushed it; the letters are explained there";
    for (const auto& type : told)
        EXPECT_TRUE(events::audience_of(type)) << type << " is no type of event: take its line out";

    std::vector<std::pair<asker, websocket_client>> feeds;
    for (const auto& a : askers)
        if (event_lines[0].letters[a.column] != ' ') {
            feeds.emplace_back(a, websocket_client{center.server.port(), "/api/v1/live", a.who.identity});
            feeds.back().second.send({{"type", "hello"}, {"after", nullptr}});
            feeds.back().second.until("welcome");
        }
    for (const auto& type : told) {
        const auto insert = "INSERT INTO event (type, queue_id, agent_id, data) VALUES ('" + type + "', ";
        center.sql(insert + std::to_string(support) + ", " + std::to_string(owner_id) + R"(, '{"of":"ours"}'))");
        center.sql(insert + R"(NULL, NULL, '{"of":"nobody"}'))");
    }
    const auto mark = center.skill("the end");
    for (auto& [a, feed] : feeds) {
        feed.until([&](const json& f) { return is_of_skill(f, mark); });
        std::set<std::string> got;
        for (const auto& f : feed.seen)
            if (f.contains("data")) got.insert(f["type"].get<std::string>() + " of " + f["data"].value("of", ""));
        for (const auto& l : event_lines) {
            const auto type = std::string{l.type};
            EXPECT_EQ(got.contains(type + " of ours"), l.letters[a.column] == '+') << type << " to " << a.name;
            EXPECT_EQ(got.contains(type + " of nobody"), l.nobodys[a.column] == '+') << type << " to " << a.name;
        }
    }
}

} // namespace
} // namespace switchboard::test
