#include "support/http_client.hpp"
#include "support/spawned_server.hpp"
#include "support/tcp_proxy.hpp"
#include "support/test_cluster.hpp"

#include <switchboard/util/hash.hpp>

#include <boost/system/system_error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>

/// A POST with an Idempotency-Key whose server is killed at any of its statements, and which is sent again.
namespace switchboard::test {
namespace {

using nlohmann::json;

struct post {
    std::string path;
    json body;
    std::string effects; // SQL: how often it was done
};

class killed : public testing::Test {
protected:
    fresh_database database;
    std::int64_t boss = 0, agent = 0, queue = 0, other_queue = 0;
    headers identity;
    std::unique_ptr<spawned_server> server;
    std::unique_ptr<tcp_proxy> wire;

    // What the wire looks for: the statement with this number of the transaction that claims the key.
    std::atomic<int> fatal_statement = 0;
    std::atomic<int> seen_key = 0, watched_wire = 0, statements = 0;
    std::atomic<pid_t> victim = 0;
    std::string key;

    void SetUp() override {
        boss = number("INSERT INTO users (login, name, roles) VALUES ('boss', 'Boss', '[6]') RETURNING id");
        agent = number("INSERT INTO users (login, name, roles) VALUES ('ana', 'Ana', '[2]') RETURNING id");
        queue = number("INSERT INTO queue (name) VALUES ('Support') RETURNING id");
        other_queue = number("INSERT INTO queue (name) VALUES ('Other') RETURNING id");
        sql(fmt::format(
            "INSERT INTO agent_load (agent_id, channel, capacity) VALUES ({0}, '*', 100), ({0}, 'email', 100); "
            "INSERT INTO gateway (name, kind, queue_id, from_address) VALUES ('mail', 'email', {1}, "
            "'help@shop.example'); INSERT INTO session (token_hash, user_id, csrf_token, expires_at) VALUES "
            "('{2}', {3}, 'csrf', now() + interval '1 day')",
            agent, queue, sha256_hex("cookie"), boss));
        identity = {
            {"Cookie", "switchboard_session=cookie"}, {"X-CSRF-Token", "csrf"}, {"Content-Type", "application/json"}};
        pqxx::connection c{database.url()};
        const auto socket = fmt::format("{}/.s.PGSQL.{}", c.hostname(), c.port());
        wire = std::make_unique<tcp_proxy>(socket, [this](int which, bool to_client, std::string_view bytes) {
            return judge(which, to_client, bytes);
        });
    }

    std::string sql(const std::string& text) const {
        pqxx::connection c{database.url()};
        const auto rows = pqxx::nontransaction{c}.exec(text);
        return rows.empty() || rows[0].size() == 0 || rows[0][0].is_null() ? "" : rows[0][0].c_str();
    }
    std::int64_t number(const std::string& text) const { return std::stoll(sql(text)); }

    /// The key comes first with the look before the work, then with the claim: from there on its connection's
    /// statements count. The fatal one is run, and nobody hears of it.
    std::size_t judge(int which, bool to_client, std::string_view bytes) {
        if (fatal_statement == 0) return bytes.size();
        if (!to_client && watched_wire == 0 && bytes.contains(key) && ++seen_key == 2) watched_wire = which;
        if (which != watched_wire) return bytes.size();
        if (!to_client) {
            ++statements;
            return bytes.size();
        }
        if (statements < fatal_statement) return bytes.size();
        ::kill(victim, SIGKILL);
        fatal_statement = 0;
        return 0;
    }

    void start() {
        pqxx::connection c{database.url()};
        const auto url = fmt::format("postgresql://{}@127.0.0.1:{}/{}?sslmode=disable&gssencmode=disable", c.username(),
                                     wire->port(), c.dbname());
        server = std::make_unique<spawned_server>(std::vector<std::string>{"serve"},
                                                  spawned_server::environment{{"SWITCHBOARD_DATABASE_URL", url}});
        victim = server->pid();
    }

    http_answer send(const post& p) const {
        auto fields = identity;
        fields.emplace_back("Idempotency-Key", key);
        return send_request(server->port(), "POST", p.path, p.body.dump(), fields);
    }
    std::optional<http_answer> send_if_it_lives(const post& p) const {
        try {
            return send(p);
        } catch (const std::runtime_error&) { // killed before its answer; boost's errors are of this kind
            return std::nullopt;
        }
    }

    /// Waits in its queue, with somebody to answer.
    std::int64_t ticket() const {
        const auto id = number(fmt::format(
            "INSERT INTO ticket (queue_id, gateway_id, channel) SELECT {}, id, 'email' FROM gateway RETURNING id",
            queue));
        sql(fmt::format(
            "INSERT INTO contact (gateway_id, external_id, ticket_id, channel, direction, outcome, from_kind, "
            "from_value, message_id, occurred_at) SELECT id, 'in-{0}', {0}, 'email', 'in', 'ticketed', "
            "'email', 'ada@example.com', 'in-{0}@example.com', now() FROM gateway",
            id));
        return id;
    }

    /// `make` gives a new request each time. Kills at the first statement, the second, … until one is answered. A
    /// connection that has prepared statements needs fewer: the last ones are tried again until a commit was met.
    void is_done_once(const std::function<post()>& make, bool secret = false) {
        int kills = 0, kept = 0, rounds = 0;
        start();
        for (int n = 1;; ++n) {
            const auto p = make();
            key = fmt::format("key-{}-{}", n, random_hex(8));
            seen_key = watched_wire = statements = 0;
            fatal_statement = n;
            const auto answer = send_if_it_lives(p);
            fatal_statement = 0; // a server that had answered may have been killed at a later statement
            if (answer) {
                EXPECT_LT(answer->status, 300) << answer->body;
                if (kept == 0 && ++rounds < 10) {
                    n = std::max(0, n - 4);
                    continue;
                }
                EXPECT_GT(kills, 5) << "it was not killed in the middle";
                EXPECT_GE(kept, 1) << "it was never killed behind its commit";
                break;
            }
            ++kills;
            server->end_by(SIGKILL);
            start();
            const bool was_kept = sql(p.effects) == "1";
            kept += was_kept;
            const auto again = send(p);
            EXPECT_EQ(again.status < 300, !(secret && was_kept)) << n << ' ' << again.status << ' ' << again.body;
            EXPECT_EQ(again.header("idempotent-replayed"), was_kept && !secret ? "true" : "") << n;
            const auto third = send(p);
            EXPECT_EQ(third.status, secret ? 409 : again.status) << n << ' ' << third.body;
            if (!secret) EXPECT_EQ(third.body, again.body) << n;
            EXPECT_EQ(sql(p.effects), "1") << "killed at statement " << n;
            if (HasFailure()) return;
        }
        fmt::print("killed at {} statements, {} of them behind the commit\n", kills, kept);
    }
};

TEST_F(killed, in_a_reply_sends_one) {
    is_done_once([this] {
        const auto id = ticket();
        return post{
            fmt::format("/api/v1/tickets/{}/replies", id),
            {{"text", "Dear Ada"}},
            fmt::format("SELECT count(*) FROM contact c JOIN outbox o ON o.contact_id = c.id WHERE ticket_id = {}",
                        id)};
    });
}

TEST_F(killed, in_a_note_leaves_one) {
    is_done_once([this] {
        const auto id = ticket();
        return post{fmt::format("/api/v1/tickets/{}/notes", id),
                    {{"text", "seen"}},
                    fmt::format("SELECT count(*) FROM note WHERE ticket_id = {}", id)};
    });
}

TEST_F(killed, in_a_transfer_moves_it_once) {
    is_done_once([this] {
        const auto id = ticket();
        return post{
            fmt::format("/api/v1/tickets/{}/transfer", id),
            {{"queue_id", other_queue}, {"note", "yours"}},
            fmt::format("SELECT count(*) FROM event WHERE ticket_id = {} AND data->>'change' = 'transferred'", id)};
    });
}

TEST_F(killed, in_solving_solves_once) {
    is_done_once([this] {
        const auto id = ticket();
        return post{fmt::format("/api/v1/tickets/{}/solve", id),
                    {{"disposition", "resolved"}, {"note", "done"}},
                    fmt::format("SELECT count(*) FROM event WHERE ticket_id = {} AND data->>'change' = 'solved'", id)};
    });
}

TEST_F(killed, in_an_assignment_gives_it_once) {
    is_done_once([this] {
        const auto id = ticket();
        return post{fmt::format("/api/v1/tickets/{}/assign", id),
                    {{"agent_id", agent}, {"reason", "knows it"}},
                    fmt::format("SELECT count(*) FROM offer WHERE ticket_id = {}", id)};
    });
}

TEST_F(killed, in_adding_a_token_adds_one_and_shows_it_once) {
    is_done_once(
        [] {
            const auto name = random_hex(8);
            return post{"/api/v1/tokens",
                        {{"name", name}, {"scopes", {"read"}}},
                        fmt::format("SELECT count(*) FROM token WHERE name = '{}'", name)};
        },
        true);
}

TEST_F(killed, in_adding_a_user_adds_one) {
    is_done_once([] {
        const auto name = random_hex(8);
        return post{"/api/v1/users",
                    {{"login", name}, {"name", name}, {"roles", {2}}, {"password", "correct horse"}},
                    fmt::format("SELECT count(*) FROM users WHERE login = '{}'", name)};
    });
}

TEST_F(killed, in_adding_a_queue_adds_one) {
    is_done_once([] {
        const auto name = random_hex(8);
        return post{
            "/api/v1/queues", {{"name", name}}, fmt::format("SELECT count(*) FROM queue WHERE name = '{}'", name)};
    });
}

} // namespace
} // namespace switchboard::test
