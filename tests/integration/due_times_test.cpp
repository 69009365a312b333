#include "support/test_cluster.hpp"

#include "store/due_times.hpp"
#include "store/run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

/// What rows look like after the clock was set two hours back, and what is made of them. clocks.cpp really sets it.
namespace switchboard::store {
namespace {

class due_times : public testing::Test {
protected:
    test::fresh_database database;
    std::unique_ptr<pqxx::connection> c = connect(database.url());

    std::string sql(const std::string& text) {
        pqxx::work tx{*c};
        const auto rows = tx.exec(text);
        tx.commit();
        return rows.empty() || rows[0].empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
    }
    std::size_t moved() {
        pqxx::work tx{*c};
        const auto rows = move_into_the_present(tx);
        tx.commit();
        return rows;
    }
    void forgive() {
        pqxx::work tx{*c};
        forgive_the_gap(tx);
        tx.commit();
    }
    /// How many seconds ahead of now that is, to the nearest ten.
    int ahead(const std::string& column, const std::string& from) {
        return std::stoi(
            sql(fmt::format("SELECT (round(extract(epoch FROM {} - now()) / 10) * 10)::int FROM {}", column, from)));
    }

    void SetUp() override {
        sql("INSERT INTO queue (name, ring_s, wrapup_s) VALUES ('Support', 60, 120)");
        sql("INSERT INTO gateway (name, kind, queue_id) SELECT 'line', 'phone', id FROM queue");
        sql("INSERT INTO users (login, name, roles) VALUES ('ana', 'Ana', '[2]')");
        sql("INSERT INTO ticket (queue_id, channel) SELECT id, 'phone' FROM queue");
        sql("DELETE FROM promise_review");
    }
    void add_offer(const std::string& state, const std::string& created, const std::string& expires,
                   const std::string& ended = "NULL") {
        sql(fmt::format("INSERT INTO offer (ticket_id, agent_id, queue_id, channel, state, epoch, created_at, "
                        "expires_at, ended_at) SELECT t.id, u.id, t.queue_id, 'phone', '{}', 1, {}, {}, {} FROM "
                        "ticket t, users u",
                        state, created, expires, ended));
    }
    void add_callback(const std::string& terms) {
        sql("INSERT INTO callback (ticket_id, phone, requested_by, mode, state, attempts, retry_s, not_before, "
            "created_at) SELECT id, '+4930123456', 'agent', " +
            terms + " FROM ticket");
    }
};

TEST_F(due_times, of_the_present_stay) {
    add_offer("offered", "now()", "now() + interval '60 s'");
    add_callback("'agent_first', 'scheduled', 0, 900, now() + interval '3 days', now()");
    EXPECT_EQ(moved(), 0u);
}

TEST_F(due_times, of_an_offer_are_its_ringing) {
    add_offer("offered", "now() + interval '2 h'", "now() + interval '2 h 60 s'");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("expires_at", "offer"), 60);
    EXPECT_EQ(moved(), 0u);
}

TEST_F(due_times, of_wrap_up_are_the_queues) {
    add_offer("wrapup", "now() - interval '5 min'", "now() + interval '2 h 60 s'");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("expires_at", "offer"), 120);
}

TEST_F(due_times, of_a_refusal_begin_now) {
    add_offer("declined", "now() + interval '2 h'", "now() + interval '2 h'", "now() + interval '2 h'");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("ended_at", "offer"), 0);
}

TEST_F(due_times, of_those_who_wait_keep_their_order) {
    sql("UPDATE ticket SET enqueue_at = now() + interval '2 h'");
    sql("INSERT INTO ticket (queue_id, channel, enqueue_at) SELECT id, 'phone', now() + interval '1 h' FROM queue");
    sql("INSERT INTO ticket (queue_id, channel, enqueue_at) SELECT id, 'phone', now() - interval '1 h' FROM queue");
    const auto order = [this] { return sql("SELECT string_agg(id::text, ' ' ORDER BY enqueue_at) FROM ticket"); };
    const auto before = order();
    EXPECT_EQ(moved(), 2u);
    EXPECT_EQ(order(), before);
    EXPECT_EQ(sql("SELECT count(*) FROM ticket WHERE enqueue_at > now()"), "0");
}

TEST_F(due_times, of_a_reply_and_its_claim_move_together) {
    sql("INSERT INTO contact (gateway_id, external_id, ticket_id, channel, direction, outcome, occurred_at) SELECT "
        "g.id, 'x', t.id, 'email', 'out', 'sent', now() FROM gateway g, ticket t");
    sql("INSERT INTO outbox (contact_id, next_at, claimed_until, set_at) SELECT id, now() + interval '2 h 30 s', "
        "now() + interval '2 h 90 s', now() + interval '2 h' FROM contact");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("next_at", "outbox"), 30);
    EXPECT_EQ(ahead("claimed_until", "outbox"), 90);
}

TEST_F(due_times, of_a_call_that_a_gateway_is_to_make_move_with_it) {
    add_callback("'customer_first', 'dialling', 0, 900, now() + interval '2 h', now() + interval '2 h'");
    sql("INSERT INTO dial_order (callback_id, attempt, gateway_id, next_at, created_at) SELECT c.id, 1, g.id, now() + "
        "interval '2 h 20 s', now() + interval '2 h' FROM callback c, gateway g");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("next_at", "dial_order"), 20);
    EXPECT_EQ(ahead("created_at", "dial_order"), 0);
}

TEST_F(due_times, of_another_attempt_are_its_pause_and_those_that_were_promised_stay) {
    sql("UPDATE ticket SET state = 'held', held_until = now() + interval '2 h 15 min'");
    add_callback("'agent_first', 'scheduled', 1, 900, now() + interval '2 h 15 min', now() - interval '1 h'");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("not_before", "callback"), 900);
    EXPECT_EQ(ahead("held_until", "ticket"), 900);

    sql("UPDATE callback SET attempts = 0, not_before = now() + interval '2 h', created_at = now() + interval '2 h'");
    EXPECT_EQ(moved(), 1u) << "was to be made at once";
    EXPECT_EQ(ahead("not_before", "callback"), 0);
    sql("UPDATE callback SET not_before = now() + interval '3 h', created_at = now() + interval '2 h'");
    EXPECT_EQ(moved(), 0u) << "at three";
}

TEST_F(due_times, of_a_review_are_at_once) {
    sql("INSERT INTO promise_review (queue_id, at) SELECT id, now() + interval '2 h' FROM queue");
    EXPECT_EQ(moved(), 1u);
    EXPECT_EQ(ahead("at", "promise_review"), 0);
}

TEST_F(due_times, that_somebody_holds_are_left_until_he_lets_go) {
    add_offer("offered", "now() + interval '2 h'", "now() + interval '2 h 60 s'");
    const auto other = connect(database.url());
    {
        pqxx::work holds{*other};
        holds.exec("SELECT FROM offer FOR UPDATE");
        EXPECT_EQ(moved(), 0u) << "nobody is waited for";
    }
    EXPECT_EQ(moved(), 1u);
}

TEST_F(due_times, after_a_gap_let_an_offer_ring_for_a_moment) {
    add_offer("offered", "now() - interval '2 h'", "now() - interval '2 h' + interval '60 s'");
    forgive();
    EXPECT_EQ(sql("SELECT expires_at - interval '5 s' BETWEEN now() - interval '1 min' AND now() FROM offer"), "t");
}

TEST_F(due_times, after_a_gap_end_what_was_put_off_for_a_minute) {
    sql("UPDATE ticket SET state = 'held', held_until = now() + interval '2 h'");
    forgive();
    EXPECT_EQ(ahead("held_until", "ticket"), 7200) << "as somebody wished";
    sql("INSERT INTO routing_decision (ticket_id, queue_id, kind, epoch, facts) SELECT id, queue_id, 'put_off', 1, "
        "'{\"reason\":\"blocked\",\"again_in_s\":60}' FROM ticket");
    forgive();
    EXPECT_EQ(ahead("held_until", "ticket"), 0);
}

} // namespace
} // namespace switchboard::store
