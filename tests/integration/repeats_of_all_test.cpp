#include "support/described_nouns.hpp"

#include <switchboard/api/router.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <set>
#include <thread>

/// Every POST of the table, sent twice with one Idempotency-Key: the transaction that did the work kept the answer.
namespace switchboard::test {
namespace {

using nlohmann::json;

/// Those whose work recognises a repeat by itself, or changes nothing.
const std::set<std::string> harmless{"/api/v1/session",
                                     "/api/v1/simulations",
                                     "/api/v1/queues/{id}/check",
                                     "/api/v1/objects",
                                     "/api/v1/objects/{id}/unmask",
                                     "/api/v1/customers/{id}/merge/preview",
                                     "/api/v1/customers/{id}/split/preview",
                                     "/api/v1/offers/{id}/accept",
                                     "/api/v1/intake/{gateway}",
                                     "/api/v1/hooks/{gateway}",
                                     "/api/v1/chat/{gateway}/sessions",
                                     "/api/v1/chat/{gateway}/sessions/{session}/messages",
                                     "/api/v1/contacts/{id}/replay",
                                     "/api/v1/contacts/replay"};

class repeats : public testing::Test {
protected:
    contact_center center;
    std::set<std::string> tried;
    int keys = 0;

    /// `path` as the table has it, with one {id}.
    json twice(const client& who, const std::string& path, std::int64_t id, const json& body) {
        tried.insert(path);
        auto target = path;
        if (const auto at = target.find("{id}"); at != target.npos) target.replace(at, 4, std::to_string(id));
        const headers key{{"Idempotency-Key", fmt::format("key-{}", ++keys)}};
        const auto first = who.post(target, body, key);
        EXPECT_LT(first.status, 300) << target << ' ' << first.body;
        EXPECT_EQ(center.sql(fmt::format("SELECT status FROM idempotency WHERE key = 'key-{}'", keys)),
                  std::to_string(first.status))
            << target << ": its work does not keep its answer";
        const auto again = who.post(target, body, key);
        EXPECT_EQ(again.status, first.status) << target << ' ' << again.body;
        EXPECT_EQ(again.body, first.body) << target;
        EXPECT_EQ(again.header("idempotent-replayed"), "true") << target;
        return first.json();
    }
    void of_actions(const seat& ana, const seat& boss, std::int64_t ticket) {
        const auto kind = center.make("/api/v1/action-kinds", {{"name", "call_back"}, {"title", "Have somebody call"}});
        EXPECT_EQ(center.admin.post("/api/v1/action-limits", {{"kind_id", kind}, {"role_id", 4}}).status, 201);
        const json wish{{"kind_id", kind}, {"form", json::object()}};
        const auto asked = [&] { return twice(ana.http, "/api/v1/tickets/{id}/actions", ticket, wish)["id"]; };
        const auto act = [&](const seat& who, const json& id, const std::string& what, const json& body) {
            twice(who.http, "/api/v1/actions/{id}/" + what, id, body);
        };
        const auto done = asked(), failed = asked();
        act(boss, done, "approve", json::object());
        act(boss, failed, "approve", json::object());
        act(ana, done, "confirm", {{"reference", "R-77"}});
        act(ana, failed, "fail", {{"reason", "nobody is there"}});
        act(boss, asked(), "refuse", {{"reason", "too late"}});
        act(ana, asked(), "withdraw", json::object());
    }
};

TEST_F(repeats, of_every_post_do_nothing_and_get_its_answer) {
    const auto queue = center.queue("Support", {{"ring_s", 600}, {"wrapup_s", 600}});
    const auto other = center.queue("Other", {{"escalation_queue_id", queue}});
    center.sql(fmt::format("UPDATE queue SET escalation_queue_id = {} WHERE id = {}", other, queue));
    center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
    center.gateway("line", "phone", queue);
    auto ana = center.agent("ana", {queue});
    auto boss = center.sign_in("supervisor");
    const auto& admin = center.admin;
    const auto now_id = [&](const std::string& sql) { return center.number(sql); };

    described_nouns nouns{center};
    for (const auto& path : nouns.paths()) {
        auto form = nouns.form(path);
        if (path == "/api/v1/rules") form["conditions"] = {{"always", true}};
        twice(admin, path, 0, form);
    }
    twice(admin, "/api/v1/users", 0,
          {{"login", "new"}, {"name", "New"}, {"roles", an_agent}, {"password", running_server::password}});
    twice(admin, "/api/v1/gateways", 0, {{"name", "new"}, {"kind", "email"}, {"queue_id", queue}});

    const std::string t = "/api/v1/tickets/{id}/";
    const auto mail = center.mail("mail");
    twice(boss.http, t + "notes", mail, {{"text", "seen"}});
    twice(ana.http, t + "claim", mail, json::object());
    twice(ana.http, t + "hold", mail, {{"until", to_rfc3339(now() + std::chrono::hours{1})}});
    twice(boss.http, t + "resume", mail, json::object()); // which leaves it to routing
    twice(boss.http, t + "assign", mail, {{"agent_id", ana.id}, {"reason", "knows it"}});
    twice(ana.http, t + "drafts/reply/files", mail, {{"name", "a"}, {"type", "text/plain"}, {"content", "YQ=="}});
    const auto reply = twice(ana.http, t + "replies", mail, {{"text", "Dear Ada"}});
    twice(ana.http, "/api/v1/contacts/{id}/undo", reply["contact"]["id"], json::object());
    const auto second = twice(ana.http, t + "replies", mail, {{"text", "Dear Ada again"}});
    center.sql("UPDATE outbox SET state = 'failed' WHERE contact_id = " + second["contact"]["id"].dump());
    twice(ana.http, "/api/v1/contacts/{id}/retry", second["contact"]["id"], json::object());
    const auto next_day = to_rfc3339(now() + std::chrono::days{1});
    const json promise{{"due_at", next_day}, {"channel", "email"}, {"reason", "is it mended?"}};
    const auto kept = twice(ana.http, t + "follow-ups", mail, promise)["id"].get<std::int64_t>(),
               dropped = twice(ana.http, t + "follow-ups", mail, promise)["id"].get<std::int64_t>();
    twice(ana.http, "/api/v1/follow-ups/{id}/move", kept, {{"due_at", next_day}, {"reason", "she is out"}});
    twice(ana.http, "/api/v1/follow-ups/{id}/keep", kept, {{"note", "it is"}});
    twice(ana.http, "/api/v1/follow-ups/{id}/drop", dropped, {{"reason", "one is enough"}});
    of_actions(ana, boss, mail);
    twice(boss.http, t + "transfer", mail, {{"queue_id", other}});
    twice(boss.http, t + "escalate", mail, {{"reason", "help"}});
    twice(boss.http, t + "solve", mail, {{"disposition", "resolved"}});
    twice(boss.http, t + "reopen", mail, json::object());
    twice(boss.http, t + "solve", mail, {{"disposition", "resolved"}});

    ana.ready({"phone"});
    auto call = center.call("line");
    twice(ana.http, "/api/v1/offers/{id}/decline", ana.offered()["id"], {{"reason", "lunch"}});
    twice(boss.http, t + "assign", call, {{"agent_id", ana.id}, {"reason", "knows it"}});
    twice(ana.http, t + "callback", call, {{"phone", "+493012345678"}});
    twice(boss.http, t + "assign", call, {{"agent_id", ana.id}, {"reason", "knows it"}});
    twice(ana.http, t + "callback/attempts", call, {{"result", "answered"}});
    twice(ana.http, t + "solve", call, {{"disposition", "resolved"}});
    twice(ana.http, t + "wrapup-done", call, json::object());

    center.gateway("web", "chat", queue);
    const auto chat = center.chat("web", "s1");
    center.sql(fmt::format("UPDATE contact SET details = jsonb_set(details::jsonb, '{{claimed_email}}', "
                           "'\"ada@example.org\"') WHERE ticket_id = {}",
                           chat));
    twice(boss.http, t + "visitor", chat, {{"kind", "email"}, {"value", "ada@example.org"}});

    ana.presence({{"state", "not_ready"}});
    call = center.call("line", "+4930999999");
    twice(boss.http, t + "callback", call, {{"phone", "+493012345678"}});
    const auto callback = now_id("SELECT max(id) FROM callback");
    center.sql(
        fmt::format("UPDATE callback SET state = 'dialling', mode = 'customer_first' WHERE id = {0}; INSERT INTO "
                    "dial_order (callback_id, attempt, gateway_id) SELECT {0}, 1, id FROM gateway WHERE name = 'line'",
                    callback));
    twice(center.intake, "/api/v1/callbacks/{id}/result", callback, {{"result", "answered"}});

    const std::string customer = "/api/v1/customers/{id}/";
    const json address{{"kind", "email"}, {"value", "second@example.org"}};
    const auto made = [&] { return twice(boss.http, "/api/v1/customers", 0, {{"name", "Carla"}})["id"].get<int>(); };
    const auto carla = made(), carlos = made();
    twice(boss.http, customer + "identities", carlos, address);
    twice(boss.http, customer + "identities/confirm", carlos,
          {{"kind", "email"}, {"value", "second@example.org"}, {"how", "checked"}});
    twice(boss.http, customer + "identities", carla, {{"kind", "email"}, {"value", "first@example.org"}});
    twice(boss.http, customer + "merge", carla, {{"customer_id", carlos}, {"reason", "one person"}});
    twice(boss.http, customer + "split", carla, {{"identities", {address}}, {"reason", "two after all"}});
    const auto last = now_id("SELECT max(id) FROM customer_move");
    twice(boss.http, customer + fmt::format("moves/{}/undo", last), carla, json::object());
    tried.insert(customer + "moves/{n}/undo");

    // Recognised as a provider's repeat is: the answer is the first one's.
    const auto test = fmt::format("/api/v1/gateways/{}/test", now_id("SELECT id FROM gateway WHERE name = 'mail'"));
    const auto first = admin.post(test, json::object(), {{"Idempotency-Key", "test"}});
    EXPECT_EQ(first.json()["outcome"], "ticketed");
    EXPECT_EQ(admin.post(test, json::object(), {{"Idempotency-Key", "test"}}).json()["contact_id"],
              first.json()["contact_id"]);
    tried.insert("/api/v1/gateways/{id}/test");

    // Its secret is shown once, so that a repeat gets no answer.
    const headers key{{"Idempotency-Key", "token"}};
    const json token{{"name", "once"}, {"scopes", {"read"}}};
    EXPECT_EQ(admin.post("/api/v1/tokens", token, key).status, 201);
    EXPECT_EQ(admin.post("/api/v1/tokens", token, key).status, 409);
    EXPECT_EQ(center.sql("SELECT body FROM idempotency WHERE key = 'token'"), "");
    EXPECT_EQ(center.sql("SELECT count(*) FROM token WHERE name = 'once'"), "1");
    tried.insert("/api/v1/tokens");

    for (const auto& [path, methods] : json::parse(api::openapi_document())["paths"].items())
        if (methods.contains("post") && !harmless.contains(path))
            EXPECT_TRUE(tried.contains(path)) << path << ": is a repeat of it harmless?";
}

TEST_F(repeats, wait_for_the_first_and_are_told_when_that_takes_long) {
    const auto queue = center.queue("Support");
    center.gateway("mail", "email", queue);
    const auto mail = center.mail("mail");
    const auto path = fmt::format("/api/v1/tickets/{}/notes", mail);
    const headers key{{"Idempotency-Key", "slow"}};
    http_answer first, again;
    {
        pqxx::connection c{center.server.database_url()};
        pqxx::work holder{c};
        holder.exec(fmt::format("SELECT FROM ticket WHERE id = {} FOR UPDATE", mail));
        std::thread sender{[&] { first = center.admin.post(path, {{"text", "seen"}}, key); }};
        const auto waiting = [&] { return center.number("SELECT count(*) FROM pg_locks WHERE NOT granted"); };
        while (waiting() == 0) std::this_thread::yield();
        std::thread repeater{[&] { again = center.admin.post(path, {{"text", "seen"}}, key); }};
        while (waiting() < 2) std::this_thread::yield();
        holder.commit();
        sender.join();
        repeater.join();
    }
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(center.number("SELECT count(*) FROM note"), 1);

    pqxx::connection c{center.server.database_url()};
    pqxx::work holder{c}; // as the first, which does not come to an end
    holder.exec("SELECT pg_advisory_xact_lock(hashtextextended(actor || ' endless', 0)) FROM idempotency LIMIT 1");
    const auto busy = center.admin.post(path, {{"text", "seen"}}, {{"Idempotency-Key", "endless"}});
    EXPECT_EQ(busy.status, 409) << busy.body;
    EXPECT_EQ(busy.header("retry-after"), "1");
    holder.exec(fmt::format("SELECT FROM ticket WHERE id = {} FOR UPDATE", mail));
    const auto held = center.admin.post(path, {{"text", "seen"}}, {{"Idempotency-Key", "held"}});
    EXPECT_EQ(held.status, 503) << held.body;
    EXPECT_NE(held.header("retry-after"), "");
    EXPECT_EQ(center.number("SELECT count(*) FROM note"), 1) << "nothing half done";
    holder.commit();
    EXPECT_EQ(center.admin.post(path, {{"text", "seen"}}, {{"Idempotency-Key", "held"}}).status, 201);
}

} // namespace
} // namespace switchboard::test
