// The smarthost is away. The clock of the outbox is turned by hand, since nobody waits for two days: every attempt
// comes at its time and not before, what is sent in the end is sent once, and what is not is told to the agent.

#include "support/contact_center.hpp"
#include "support/smtp_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using namespace std::chrono_literals;
using std::chrono::seconds;

/// What is waited after each failed attempt.
constexpr seconds pauses[]{30s, 2min, 10min, 30min, 1h, 2h, 4h, 8h, 12h, 20h};

class smarthost : public testing::Test {
protected:
    smarthost() {
        const auto queue = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}});
        center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
        agent.emplace(center.agent("grace", {queue}));
        agent->ready();
        host.stop();
        witness = answered("witness@example.com", "I am tried at any time");
        answer = answered("ada@example.com", "Is it plugged in?");
    }

    std::int64_t answered(const std::string& customer, const std::string& text) {
        const auto ticket = center.mail("mail", customer, "Kettle");
        EXPECT_EQ(agent->take()["id"], ticket);
        return agent->act(ticket, "replies", {{"text", text}}).json()["contact"]["id"];
    }
    json told(std::int64_t contact) {
        return agent->live.until([&](const json& f) {
            return f["type"] == "contact.delivery" && f["data"]["contact_id"] == contact;
        })["data"];
    }
    std::string of(std::int64_t contact) const { return " WHERE contact_id = " + std::to_string(contact); }
    std::int64_t attempts() const { return center.number("SELECT attempts FROM outbox" + of(answer)); }
    seconds left() const {
        return seconds{center.number("SELECT round(extract(epoch FROM next_at - now())) FROM outbox" + of(answer))};
    }

    /// So much time goes by for the answer; the event is the bell that any other reply would ring.
    void turn(seconds by) {
        clock += by;
        center.sql("UPDATE outbox SET next_at = next_at - make_interval(secs => " + std::to_string(by.count()) + ")" +
                   of(answer));
        ring();
    }
    void ring() { center.sql("INSERT INTO event (type, data) VALUES ('contact.sent', '{}')"); }
    /// The sender has looked at what is due since: it has tried the witness, whom it would have tried after the answer.
    void sender_has_looked() {
        center.sql("UPDATE outbox SET next_at = now(), attempts = 0" + of(witness));
        ring();
        told(witness);
    }
    /// Turns the clock until the next attempt, which is not made before its time.
    void until_tried(seconds expected) {
        const auto before = attempts();
        EXPECT_EQ(
            seconds{center.number("SELECT extract(epoch FROM next_at - set_at)::bigint FROM outbox" + of(answer))},
            expected);
        turn(left() - 6s);
        sender_has_looked();
        EXPECT_EQ(attempts(), before) << "six seconds early, at " << clock.count();
        turn(7s);
    }

    smtp_sink host;
    contact_center center{[this](config& c) { c.smtp_url = "smtp://127.0.0.1:" + std::to_string(host.port()); }};
    std::optional<seat> agent;
    std::int64_t witness = 0, answer = 0;
    seconds clock = 0s; // since the answer was written
};

TEST_F(smarthost, that_is_away_for_an_hour_gets_each_answer_once_when_it_is_back) {
    until_tried(8s); // within which an answer can be taken back
    int tried = 0;
    for (; clock + pauses[tried] < 1h; ++tried) {
        const auto failure = told(answer);
        EXPECT_EQ(failure["delivery"], "queued");
        EXPECT_EQ(failure["retry_in_s"], pauses[tried].count());
        EXPECT_THAT(failure["detail"].get<std::string>(), HasSubstr("connect"));
        EXPECT_EQ(attempts(), tried + 1);
        until_tried(pauses[tried]);
    }
    EXPECT_EQ(told(answer)["retry_in_s"], 3600);
    EXPECT_EQ(tried, 4) << "and the attempt after the eight seconds";
    turn(1h - clock);
    host.start();
    center.sql("UPDATE outbox SET next_at = now() + interval '9 days'" + of(witness));
    EXPECT_EQ(agent->http.get("/api/v1/contacts/" + std::to_string(answer)).json()["delivery"], "queued");
    turn(left() + 1s);
    const auto sent = host.next();
    EXPECT_EQ(sent["to"], (json{"ada@example.com"}));
    EXPECT_THAT(sent["message"].get<std::string>(), HasSubstr("Is it plugged in?"));
    EXPECT_EQ(told(answer)["delivery"], "sent");
    EXPECT_EQ(attempts(), 6);
    turn(24h * 7);
    center.sql("UPDATE outbox SET next_at = now()" + of(witness));
    ring();
    EXPECT_EQ(host.next()["to"], (json{"witness@example.com"}));
    center.server.stop();
    EXPECT_TRUE(host.is_quiet()) << "once";
}

TEST_F(smarthost, that_stays_away_is_tried_for_two_days_and_then_the_agent_is_told) {
    until_tried(8s);
    for (const auto pause : pauses) {
        EXPECT_EQ(told(answer)["retry_in_s"], pause.count());
        until_tried(pause);
    }
    const auto end = told(answer);
    EXPECT_EQ(end["delivery"], "failed");
    EXPECT_THAT(end["detail"].get<std::string>(), HasSubstr("connect"));
    EXPECT_GT(clock, 47h);
    EXPECT_LT(clock, 49h);
    const auto place = "/api/v1/contacts/" + std::to_string(answer);
    const auto shown = agent->http.get(place).json();
    EXPECT_EQ(shown["delivery"], "failed");
    EXPECT_THAT(shown["delivery_detail"].get<std::string>(), HasSubstr("connect"));
    turn(24h * 7);
    sender_has_looked();
    EXPECT_EQ(attempts(), 11) << "that was the last";

    host.start();
    EXPECT_EQ(agent->http.post(place + "/retry").status, 200);
    EXPECT_THAT(host.next()["message"].get<std::string>(), HasSubstr("Is it plugged in?")) << "unless somebody asks";
}

} // namespace
} // namespace switchboard::test
