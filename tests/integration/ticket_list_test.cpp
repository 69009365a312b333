// A list of tickets has the tickets, all of them, in its order: whoever looks, whatever he asks for, page by page.
#include "support/quiet_center.hpp"

#include "store/sql.hpp"

#include <switchboard/store/tickets.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace switchboard::test {
namespace {

using ids = std::vector<std::int64_t>;

/// What is asked for, and the same said plainly in SQL over a ticket t.
struct asked {
    const char* name;
    store::ticket_filter filter;
    std::string condition;
};

class ticket_list : public testing::Test {
protected:
    ticket_list() {
        center.sql(
            fmt::format("DELETE FROM queue_member WHERE agent_id = {} AND queue_id = {}", grace, center.other_queue));
        center.sql(R"(
            CREATE FUNCTION roll(of int, question int) RETURNS int LANGUAGE sql IMMUTABLE AS
                'SELECT (hashint8extended(of, question) & 9223372036854775807) % 100';
            INSERT INTO customer (id, name)
            SELECT 1000 + i, CASE WHEN i % 7 = 0 THEN 'Meyer ' ELSE 'Ada ' END || i FROM generate_series(1, 40) i;
            INSERT INTO customer_identity (kind, value, customer_id)
            SELECT 'email', CASE WHEN i % 5 = 0 THEN 'meyer' ELSE 'c' END || i || '@example.com', 1000 + i
            FROM generate_series(1, 40) i)");
    }

    /// Of every state, queue, owner and channel some, at times of which some are the same.
    void some_tickets() const {
        center.sql(fmt::format(R"(
            INSERT INTO ticket (state, queue_id, gateway_id, channel, customer_id, subject, owner_id, enqueue_at,
                                last_contact_at, solved_at, held_until, due_at)
            SELECT s.state, CASE WHEN roll(i, 1) < 50 THEN {0} ELSE {1} END, g.id,
                CASE WHEN roll(i, 2) < 70 THEN 'email' ELSE 'fax' END, 1001 + roll(i, 3) % 40,
                CASE WHEN roll(i, 4) < 10 THEN 'Dear Meyer' ELSE 'Late parcel' END,
                CASE WHEN s.state IN ('active', 'parked', 'solved') THEN CASE WHEN roll(i, 5) < 30 THEN {2} ELSE {3} END END,
                now() - make_interval(hours => roll(i, 6)), now() - make_interval(hours => roll(i, 7)),
                CASE s.state WHEN 'solved' THEN now() - make_interval(hours => roll(i, 8)) END,
                CASE s.state WHEN 'held' THEN now() + interval '1 day' END,
                CASE WHEN s.state <> 'solved' AND roll(i, 9) < 50 THEN now() + make_interval(hours => roll(i, 9) - 25) END
            FROM gateway g, generate_series(1, 150) i
            CROSS JOIN LATERAL (SELECT (ARRAY['waiting', 'active', 'parked', 'held', 'solved', 'solved', 'offered'])[1 + roll(i, 0) % 7]
                AS state) s)",
                               center.queue, center.other_queue, grace, other));
        center.sql(fmt::format(R"(
            INSERT INTO offer (ticket_id, agent_id, queue_id, channel, epoch, expires_at)
            SELECT id, CASE WHEN id % 2 = 0 THEN {} ELSE {} END, queue_id, channel, 1, now() + interval '1 hour'
            FROM ticket WHERE state = 'offered')",
                               grace, other));
    }

    ids listed(store::ticket_filter f, const viewer& who) {
        ids out;
        do {
            const auto part = center.now(tickets.list(f, who));
            for (const auto& t : part->items) out.push_back(t.id);
            f.after = part->next.value_or("");
        } while (!f.after.empty());
        return out;
    }

    ids expected(const asked& a, const viewer& who) const {
        static constexpr std::array columns{"last_contact_at", "enqueue_at", "id"};
        const auto direction = a.filter.descending ? "DESC" : "ASC";
        const auto rows = center.sql(fmt::format(
            R"(
            SELECT coalesce(array_agg(t.id ORDER BY t.{0} {1}, t.id {1}), '{{}}') FROM ticket t
            WHERE ({2}) AND ({3} OR t.owner_id = {4}
                OR t.queue_id IN (SELECT queue_id FROM queue_member WHERE agent_id = {4})
                OR t.id IN (SELECT ticket_id FROM offer WHERE agent_id = {4} AND state = 'offered')))",
            columns[static_cast<std::size_t>(a.filter.sort)], direction, a.condition,
            who.granted.reaches_all(permission::ticket_read), who.user_id));
        return store::parse_id_array(rows);
    }

    quiet_center center;
    store::tickets tickets{center.db};
    std::int64_t grace = center.agent("grace"), other = center.agent("other");
    viewer supervisor = center.eyes(center.supervisor()), agent = center.eyes(grace);
};

TEST_F(ticket_list, has_what_a_plain_statement_finds_in_every_order_for_everybody) {
    some_tickets();
    constexpr auto words_as_sql = R"(t.subject ILIKE '%Meyer%'
        OR t.customer_id IN (SELECT id FROM customer WHERE name ILIKE '%Meyer%')
        OR t.customer_id IN (SELECT customer_id FROM customer_identity WHERE value ILIKE '%Meyer%'))";
    const auto own = center.queue, others = center.other_queue;
    const std::vector<std::string> open{"waiting", "offered", "active", "parked", "held"};
    const asked all[]{
        {"all", {}, "true"},
        {"open", {.states = open}, "t.state <> 'solved'"},
        {"solved", {.states = {"solved"}}, "t.state = 'solved'"},
        {"waiting", {.states = {"waiting"}}, "t.state = 'waiting'"},
        {"in hand", {.states = {"active", "parked"}}, "t.state IN ('active', 'parked')"},
        {"offered", {.states = {"offered"}}, "t.state = 'offered'"},
        {"solved today",
         {.states = {"solved"}, .solved_today = true},
         "t.solved_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"},
        {"late",
         {.states = {"waiting", "offered"}, .late = true},
         "t.state IN ('waiting', 'offered') AND t.due_at < now()"},
        {"of one queue", {.queue_id = own}, fmt::format("t.queue_id = {}", own)},
        {"of another queue", {.queue_id = others}, fmt::format("t.queue_id = {}", others)},
        {"waiting in a queue",
         {.states = {"waiting"}, .queue_id = own},
         fmt::format("t.state = 'waiting' AND t.queue_id = {}", own)},
        {"of one owner", {.owner_id = grace}, fmt::format("t.owner_id = {}", grace)},
        {"of another owner", {.owner_id = other}, fmt::format("t.owner_id = {}", other)},
        {"of an owner, open",
         {.states = open, .owner_id = other},
         fmt::format("t.state <> 'solved' AND t.owner_id = {}", other)},
        {"of a customer", {.customer_id = 1007}, "t.customer_id = 1007"},
        {"by fax", {.channel = "fax"}, "t.channel = 'fax'"},
        {"by fax, solved", {.states = {"solved"}, .channel = "fax"}, "t.channel = 'fax' AND t.state = 'solved'"},
        {"with words", {.words = "meyer"}, words_as_sql},
        {"with words, open",
         {.states = open, .words = "meyer"},
         fmt::format("t.state <> 'solved' AND ({})", words_as_sql)},
        {"with short words", {.words = "me"}, fmt::format("t.subject ILIKE '%me%' OR {}", words_as_sql)},
    };
    for (auto a : all)
        for (const auto sort : {store::ticket_sort::last_contact, store::ticket_sort::enqueued, store::ticket_sort::id})
            for (const bool descending : {true, false})
                for (const auto* who : {&supervisor, &agent}) {
                    a.filter.sort = sort;
                    a.filter.descending = descending;
                    a.filter.limit = 37;
                    EXPECT_EQ(listed(a.filter, *who), expected(a, *who))
                        << a.name << ", order " << static_cast<int>(sort) << (descending ? " down" : " up")
                        << (who == &agent ? ", an agent" : ", a supervisor");
                }
}

/// As people type and paste it; a public report each of another system.
TEST_F(ticket_list, finds_every_word_wherever_it_stands_a_number_in_our_spellings_and_a_telephone_number_in_any) {
    center.sql(fmt::format(R"(
        INSERT INTO customer (id, name) VALUES (5001, 'Martin Osei'), (5002, 'Ana');
        INSERT INTO customer_identity (kind, value, customer_id)
        VALUES ('email', 'martin@quick.example', 5001), ('tel', '+442079460999', 5002);
        INSERT INTO ticket (id, queue_id, gateway_id, channel, customer_id, subject)
        SELECT 7001, {0}, g.id, 'email', 5001, 'Wrong bank account' FROM gateway g
        UNION ALL SELECT 7002, {0}, g.id, 'email', 5002, 'Rechnung 70325' FROM gateway g)",
                           center.queue));
    const std::pair<std::string, std::int64_t> cases[]{
        {"Osei Martin", 7001},    {"wrong  account", 7001}, {" osei bank ", 7001},         {"quick.example osei", 7001},
        {"#7001", 7001},          {"[#7001]", 7001},        {"Ticket #7001", 7001},        {"Re: Hello [#7001]", 7001},
        {"7001", 7001},           {"+442079460999", 7002},  {"+44 (0)20 7946 0999", 7002}, {"0044 20 7946 0999", 7002},
        {"020 7946 0999", 7002},  {"7946 0999", 7002},      {"(207) 946-0999", 7002},      {"70325", 7002},
        {"rechnung 70325", 7002}, {"ana 70325", 7002}};
    for (const auto& [words, ticket] : cases)
        for (const auto* who : {&supervisor, &agent})
            EXPECT_THAT(listed({.words = words}, *who), testing::ElementsAre(ticket)) << words;
    for (const auto* words : {"osei rechnung", "#7999", "020 7946 1111"})
        EXPECT_THAT(listed({.words = words}, supervisor), testing::IsEmpty()) << words;
}

TEST_F(ticket_list, finds_the_tickets_of_words_that_thousands_of_customers_share) {
    center.sql(fmt::format(R"(
        INSERT INTO customer (id, name) SELECT 100000 + i, 'Common ' || i FROM generate_series(1, 12000) i;
        INSERT INTO customer_identity (kind, value, customer_id)
        SELECT 'email', 'u' || i || '@shared.example', 100000 + i FROM generate_series(1, 12000) i;
        INSERT INTO ticket (queue_id, gateway_id, channel, customer_id)
        SELECT {}, g.id, 'email', 112000 - i FROM gateway g, generate_series(1, 3) i)",
                           center.queue));
    for (const auto* words : {"common", "shared.example", "common shared"})
        for (const auto* who : {&supervisor, &agent})
            EXPECT_THAT(listed({.words = words}, *who), testing::SizeIs(3)) << words;
}

TEST_F(ticket_list, finds_every_ticket_of_words_that_thousands_share_and_the_one_that_has_them_elsewhere) {
    center.sql(fmt::format(R"(
        INSERT INTO customer (id, name) VALUES (100000, 'Parcel Service');
        INSERT INTO ticket (queue_id, gateway_id, channel, customer_id, subject, last_contact_at)
        SELECT {}, g.id, 'email', CASE i WHEN 0 THEN 100000 ELSE 1001 END, CASE i WHEN 0 THEN '' ELSE 'My parcel' END,
            now() - make_interval(secs => i)
        FROM gateway g, generate_series(0, 12000) i)",
                           center.queue));
    for (const auto* who : {&supervisor, &agent})
        EXPECT_THAT(listed({.words = "parcel", .limit = 20'000}, *who), testing::SizeIs(12'001));
}

} // namespace
} // namespace switchboard::test
