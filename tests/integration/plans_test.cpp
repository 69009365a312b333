// No list reads a large table from end to end: PostgreSQL itself counts how often that was done.
#include "support/filled.hpp"
#include "support/quiet_center.hpp"

#include <switchboard/store/contacts.hpp>
#include <switchboard/store/customers.hpp>
#include <switchboard/store/tickets.hpp>

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace switchboard::test {
namespace {

class plans : public testing::Test {
protected:
    plans() {
        fill(center.database.url(), 20'000); // at which the planner takes the indexes by itself
        agent = center.eyes(center.number("SELECT id FROM users WHERE login = 'filled0'"));
        all = center.eyes(center.number("SELECT id FROM users WHERE login = 'filled-all'"));
    }

    /// How often the large tables were read from end to end, once everything that was asked for is counted.
    std::string whole_reads() const {
        while (center.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plans'") > 0) {
        }
        return center.sql(R"(
            SELECT string_agg(relname || ' ' || seq_scan, ', ' ORDER BY relname) FROM pg_stat_user_tables
            WHERE relname IN ('ticket', 'contact', 'customer', 'customer_identity', 'event'))");
    }

    /// Asks over a connection that ends then, and so has its reads counted.
    template <class Ask>
    void expect_indexes(const std::string& what, Ask ask) {
        const auto before = whole_reads();
        {
            store::database db{center.database.url(), {.connections = 1, .application_name = "plans"}};
            ask(db);
        }
        EXPECT_EQ(whole_reads(), before) << what;
    }

    /// In every order, for who sees all and for an agent of some queues; the first page and the next.
    void expect_indexes(const std::string& what, store::ticket_filter f) {
        expect_indexes(what, [&](store::database& db) {
            store::tickets tickets{db};
            for (const auto& who : {all, agent})
                for (const auto sort :
                     {store::ticket_sort::last_contact, store::ticket_sort::enqueued, store::ticket_sort::id})
                    for (const bool descending : {true, false}) {
                        f.sort = sort;
                        f.descending = descending;
                        f.after.clear();
                        f.after = center.now(tickets.list(f, who))->next.value_or("");
                        if (!f.after.empty()) center.now(tickets.list(f, who));
                    }
        });
    }

    quiet_center center;
    viewer agent, all;
};

TEST_F(plans, of_lists_of_tickets_take_indexes) {
    const auto queue =
        center.number("SELECT queue_id FROM queue_member WHERE agent_id = " + std::to_string(agent.user_id));
    const auto customer =
        center.number("SELECT customer_id FROM ticket WHERE customer_id IS NOT NULL ORDER BY id LIMIT 1");
    const std::vector<std::string> open{"waiting", "offered", "active", "parked", "held"};
    expect_indexes("all", {});
    expect_indexes("open", {.states = open});
    expect_indexes("waiting", {.states = {"waiting"}});
    expect_indexes("in hand", {.states = {"active", "parked"}});
    expect_indexes("offered", {.states = {"offered"}});
    expect_indexes("held", {.states = {"held"}});
    expect_indexes("solved", {.states = {"solved"}});
    expect_indexes("solved today", {.states = {"solved"}, .solved_today = true});
    expect_indexes("late", {.states = {"waiting", "offered"}, .late = true});
    expect_indexes("of a queue", {.queue_id = queue});
    expect_indexes("of an owner", {.owner_id = agent.user_id});
    expect_indexes("of a customer", {.customer_id = customer});
    expect_indexes("by fax", {.channel = "fax"});
    for (const auto* words :
         {"no such word", "Address Storm", "Ana Ruiz", "filled77@example", "Amira", "account", "10777"})
        expect_indexes(words, {.words = words});
}

TEST_F(plans, of_customers_overviews_desks_and_timelines_take_indexes) {
    for (const auto& who : {all, agent})
        for (const auto* words : {"", "ruiz", "no such name", "filled77", "Ana Ruiz"})
            expect_indexes(fmt::format("customers '{}'", words), [&](store::database& db) {
                store::customers customers{db};
                const auto first = center.now(customers.list(who, {.q = words}, {}));
                if (first.next) center.now(customers.list(who, {.q = words}, {.after = std::stoll(*first.next)}));
            });
    for (const auto& who : {all, agent})
        expect_indexes("customers of an organization", [&](store::database& db) {
            center.now(store::customers{db}.list(who, {.q = "", .organization_id = 1}, {}));
        });
    expect_indexes("quarantine", [&](store::database& db) { center.now(store::contacts{db}.quarantined({})); });
    expect_indexes("overview", [&](store::database& db) { center.now(store::tickets{db}.queues()); });
    expect_indexes("agents", [&](store::database& db) { center.now(store::tickets{db}.agents()); });
    expect_indexes("a desk", [&](store::database& db) { center.now(store::tickets{db}.desk_of(agent)); });
    const auto long_one = center.number("SELECT ticket_id FROM note LIMIT 1");
    expect_indexes("a timeline", [&](store::database& db) {
        store::tickets tickets{db};
        const auto newest = center.now(tickets.timeline(long_one, 50, ""));
        center.now(tickets.timeline(long_one, 50, newest->front().place));
    });
}

} // namespace
} // namespace switchboard::test
