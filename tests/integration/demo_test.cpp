/// The demo contact center: what is loaded is whole, and is what the rest of the house can work with.
#include "support/test_cluster.hpp"

#include "app/demo_command.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

namespace switchboard {
namespace {

class demo : public testing::Test {
protected:
    static void SetUpTestSuite() {
        database = std::make_unique<test::fresh_database>();
        loaded = app::load_demo(database->url());
    }
    static void TearDownTestSuite() { database.reset(); }

    static pqxx::result rows(const std::string& sql) {
        pqxx::connection c{database->url()};
        pqxx::nontransaction tx{c};
        return tx.exec(sql);
    }
    static int number(const std::string& sql) { return rows(sql)[0][0].as<int>(); }

    static std::unique_ptr<test::fresh_database> database;
    static bool loaded;
};
std::unique_ptr<test::fresh_database> demo::database;
bool demo::loaded = false;

TEST_F(demo, goes_into_an_empty_installation_once) {
    EXPECT_TRUE(loaded);
    const auto tickets = number("SELECT count(*) FROM ticket");
    EXPECT_FALSE(app::load_demo(database->url()));
    EXPECT_EQ(number("SELECT count(*) FROM ticket"), tickets);
    EXPECT_EQ(number("SELECT count(*) FROM users WHERE roles = '[2]'"), 12);
}

TEST_F(demo, names_its_logins_only_where_it_is_loaded) {
    const auto text = app::demo_logins(database->url());
    for (const char* word : {"amira", "sonia", "admin", "switchboard", "sb_demo_gateways"})
        EXPECT_NE(text.find(word), std::string::npos) << word;
    EXPECT_EQ(app::demo_logins(test::fresh_database{}.url()), "");
}

TEST_F(demo, has_history_work_on_hold_and_work_waiting) {
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE state = 'solved'"), 150);
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE state = 'held' AND held_until > now()"), 5);
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE state = 'waiting'"), 12);
    EXPECT_EQ(number("SELECT count(DISTINCT channel) FROM ticket WHERE state = 'solved'"), 4);
    EXPECT_EQ(number("SELECT count(DISTINCT language) FROM ticket WHERE state = 'solved'"), 4);
}

TEST_F(demo, nothing_lies_in_the_future_and_all_of_it_in_order) {
    EXPECT_EQ(number("SELECT count(*) FROM contact WHERE received_at > now()"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE solved_at > now() OR solved_at < last_contact_at "
                     "OR last_contact_at < opened_at"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM ticket t WHERE last_contact_at < "
                     "(SELECT max(received_at) FROM contact c WHERE c.ticket_id = t.id)"),
              0);
}

TEST_F(demo, leaves_no_placeholder_in_a_text) {
    EXPECT_EQ(number("SELECT count(*) FROM contact WHERE subject ~ '[{][a-z]+[}]' OR text ~ '[{][a-z]+[}]'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE subject ~ '[{][a-z]+[}]'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM note WHERE text ~ '[{][a-z]+[}]' OR text = ''"), 0);
}

TEST_F(demo, every_agent_can_be_given_work) {
    EXPECT_EQ(
        number("SELECT count(*) FROM users u WHERE roles = '[2]' AND (NOT EXISTS (SELECT FROM queue_member m WHERE "
               "m.agent_id = u.id) OR NOT EXISTS (SELECT FROM presence p WHERE p.agent_id = u.id))"),
        0);
    EXPECT_EQ(number("SELECT count(*) FROM agent_channel c FULL JOIN agent_load l USING (agent_id, channel) WHERE "
                     "channel <> '*' AND c.capacity IS DISTINCT FROM l.capacity"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM users u WHERE roles <> '[6]' AND units IS DISTINCT FROM "
                     "(SELECT capacity FROM agent_load l WHERE l.agent_id = u.id AND channel = '*')"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM agent_load WHERE used <> 0"), 0);
}

TEST_F(demo, somebody_is_fit_for_every_waiting_ticket) {
    const auto hopeless = rows(
        "SELECT t.subject FROM ticket t WHERE t.state = 'waiting' AND NOT EXISTS (SELECT FROM queue_member m JOIN "
        "agent_channel c ON c.agent_id = m.agent_id AND c.channel = t.channel AND c.capacity > 0 WHERE m.queue_id = "
        "t.queue_id "
        "AND NOT EXISTS (SELECT FROM jsonb_array_elements(t.skills) need WHERE NOT EXISTS (SELECT FROM agent_skill s "
        "WHERE "
        "s.agent_id = m.agent_id AND s.skill_id = (need->>'skill_id')::bigint AND s.level >= (need->>'min')::int)) "
        "AND NOT EXISTS (SELECT FROM jsonb_array_elements(t.licences) need WHERE NOT EXISTS (SELECT FROM agent_licence "
        "l WHERE "
        "l.agent_id = m.agent_id AND l.licence_id = (need->>'licence_id')::bigint AND need->>'jurisdiction' = "
        "ANY(l.jurisdictions) AND now() BETWEEN l.valid_from AND l.valid_until)))");
    for (const auto& r : hopeless) ADD_FAILURE() << r[0].c_str();
}

TEST_F(demo, every_queue_that_customers_reach_speaks_every_language) {
    const auto mute = rows(
        "SELECT q.name, s.name FROM queue q CROSS JOIN skill s WHERE q.name <> 'supervisors' AND s.name IN ('english', "
        "'german', "
        "'french', 'spanish') AND NOT EXISTS (SELECT FROM queue_member m JOIN agent_skill a USING (agent_id) WHERE "
        "m.queue_id = q.id AND a.skill_id = s.id AND a.level >= 3)");
    for (const auto& r : mute) ADD_FAILURE() << r[0].c_str() << " lacks " << r[1].c_str();
}

TEST_F(demo, every_licence_that_a_rule_asks_for_is_held_in_the_queue_that_it_leads_to) {
    const auto asked =
        rows("SELECT r.name, EXISTS (SELECT FROM agent_licence l JOIN queue_member m USING (agent_id) JOIN queue q ON "
             "q.id = m.queue_id "
             "WHERE l.licence_id = (n->>'licence_id')::bigint AND n->>'jurisdiction' = ANY(l.jurisdictions) AND q.id = "
             "coalesce((r.actions->>'queue_id')::bigint, (SELECT id FROM queue WHERE name = 'claims'))) "
             "FROM rule r, jsonb_array_elements(r.actions->'licences') n");
    EXPECT_EQ(asked.size(), 5u);
    for (const auto& r : asked) EXPECT_TRUE(r[1].as<bool>()) << r[0].c_str();
}

TEST_F(demo, claims_of_licensed_states_went_to_licensed_agents) {
    EXPECT_EQ(
        number(
            "SELECT count(*) FROM ticket t JOIN queue q ON q.id = t.queue_id AND q.name = 'claims' JOIN customer c ON "
            "c.id = t.customer_id WHERE t.state = 'solved' AND t.language = 'en' AND c.jurisdiction = 'US-NY' AND NOT "
            "EXISTS (SELECT FROM agent_licence l WHERE l.agent_id = t.owner_id AND 'US-NY' = ANY(l.jurisdictions))"),
        0);
    EXPECT_EQ(number("SELECT count(DISTINCT agent_id) FROM agent_licence"), 2);
}

TEST_F(demo, every_ticket_was_promised_what_intake_would_have_promised) {
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE sla = ''"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE state = 'waiting' AND due_at IS NULL"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE state IN ('held', 'solved') AND sla_check_at IS NOT NULL"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM ticket t WHERE state = 'solved' AND NOT EXISTS (SELECT FROM sla_entry e "
                     "WHERE e.ticket_id = t.id AND e.clock = 'first_answer' AND e.kind = 'met')"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM sla_entry e WHERE EXISTS (SELECT FROM sla_entry o WHERE o.ticket_id = "
                     "e.ticket_id AND o.id < e.id AND o.at > e.at) OR e.at > now()"),
              0)
        << "in order of time";
    EXPECT_EQ(number("SELECT count(*) FROM ticket WHERE subject LIKE 'Urgent: smoke alarm%' AND due_at = opened_at + "
                     "interval '15 minutes'"),
              1)
        << "by its priority";
}

TEST_F(demo, has_work_at_any_hour_and_office_hours_for_calls_about_claims) {
    EXPECT_EQ(number("SELECT count(*) FROM queue WHERE calendar_id IS NULL"), 5);
    const auto closing =
        rows("SELECT q.name, c.timezone, jsonb_array_length(c.hours), c.special_days FROM queue q JOIN "
             "calendar c ON c.id = q.calendar_id");
    ASSERT_EQ(closing.size(), 1u);
    EXPECT_STREQ(closing[0][0].c_str(), "claims by phone");
    EXPECT_EQ(closing[0][2].as<int>(), 6);
    EXPECT_EQ(number("SELECT count(DISTINCT d->>'name') FROM calendar, jsonb_array_elements(special_days) d WHERE "
                     "(d->>'date')::date > now()"),
              9)
        << "each holiday is still to come";
    EXPECT_EQ(number("SELECT count(*) FROM calendar, jsonb_array_elements(special_days) d WHERE d->>'name' = "
                     "'Thanksgiving' AND extract(isodow FROM (d->>'date')::date) = 4 AND extract(day FROM "
                     "(d->>'date')::date) BETWEEN 22 AND 28"),
              2);
    EXPECT_EQ(number("SELECT count(*) FROM ticket t JOIN queue q ON q.id = t.queue_id WHERE t.state = 'waiting' AND "
                     "q.calendar_id IS NOT NULL"),
              0);
}

TEST_F(demo, every_contact_in_has_what_its_gateway_received) {
    EXPECT_EQ(
        number("SELECT count(*) FROM contact c WHERE direction = 'in' AND NOT EXISTS (SELECT FROM contact_raw r WHERE "
               "r.contact_id = c.id AND length(r.body) > 0)"),
        0);
    EXPECT_EQ(number("SELECT count(*) FROM contact c WHERE channel = 'fax' AND direction = 'in' AND NOT EXISTS "
                     "(SELECT FROM attachment a WHERE a.contact_id = c.id AND a.type = 'image/tiff')"),
              0);
}

} // namespace
} // namespace switchboard
