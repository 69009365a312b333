#include "support/granted.hpp"
#include "support/quiet_center.hpp"

#include "store/sql.hpp"

#include <switchboard/desk/by_itself.hpp>
#include <switchboard/desk/callbacks.hpp>
#include <switchboard/store/agents.hpp>

#include <boost/asio/detached.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>

/// Whatever everybody does at the same time, loads are what the open offers say. SWITCHBOARD_SCHEDULES: how many are
/// tried; SWITCHBOARD_SEED: of the first.
namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using kind = store::routing_write::kind;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* given = std::getenv(variable);
    return given != nullptr ? std::stoull(given) : otherwise;
}

struct row {
    std::int64_t ticket = 0, version = 0, agent = 0, offer = 0;
    std::string state, channel, offer_state;
};

/// Tickets with each of their open offers, as they are at a moment.
asio::awaitable<std::vector<row>> look(store::database& db, const std::vector<std::int64_t>& tickets) {
    return store::run(db, [tickets](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        std::vector<row> out;
        for (const auto& r : store::query(tx, R"(
                 SELECT t.id, t.version, coalesce(o.agent_id, 0), coalesce(o.id, 0), t.state, t.channel,
                        coalesce(o.state, '')
                 FROM ticket t LEFT JOIN offer o
                     ON o.ticket_id = t.id AND o.state IN ('offered', 'active', 'parked', 'wrapup')
                 WHERE t.id = ANY($1::bigint[]) ORDER BY t.id, o.id)",
                                          store::array_literal(tickets)))
            out.push_back({store::get<std::int64_t>(r[0]), store::get<std::int64_t>(r[1]),
                           store::get<std::int64_t>(r[2]), store::get<std::int64_t>(r[3]),
                           store::get<std::string>(r[4]), store::get<std::string>(r[5]),
                           store::get<std::string>(r[6])});
        return out;
    });
}

class schedule {
public:
    schedule(quiet_center& center, std::vector<std::int64_t> agents, std::int64_t boss, std::uint64_t seed)
        : center_{center}, agents_{std::move(agents)}, boss_{boss}, seed_{seed} {
        for (int i = 0; i < 6; ++i) tickets_.push_back(center.ticket(i % 3 == 0 ? "phone" : "email"));
    }

    /// Everybody at once, each over a connection of his own. What went wrong, or "".
    std::string run() {
        asio::io_context io;
        std::string trouble;
        const auto until_done = [&trouble](std::exception_ptr error) {
            try {
                if (error) std::rethrow_exception(error);
            } catch (const std::exception& e) {
                trouble += std::string{e.what()} + '\n';
            }
        };
        for (std::uint64_t who = 0; who < 6; ++who)
            asio::co_spawn(io, who < 2 ? lead(seed_ * 8 + who) : work(seed_ * 8 + who), until_done);
        io.run();
        return trouble + center_.wrong_loads();
    }

    std::map<std::string, int> done; // how often what had an effect

private:
    using random = std::mt19937_64;

    template <class T>
    static const T& one_of(const std::vector<T>& all, random& r) {
        return all[r() % all.size()];
    }
    viewer eyes(std::int64_t agent) const { return {agent, agents_grants(), {center_.queue, center_.other_queue}}; }
    template <class T>
    void note(const char* what, const T& result) {
        if (result) ++done[what];
    }

    /// Decides whatever the rows allow, and more: what they do not allow must be left out.
    asio::awaitable<void> lead(std::uint64_t seed) {
        random r{seed};
        for (int turn = 0; turn < 8; ++turn) {
            const auto rows = co_await look(center_.db, tickets_);
            std::vector<store::routing_write> writes;
            for (const auto& t : rows)
                if (r() % 2 == 0) writes.push_back(decide(t, rows, r));
            const auto committed = co_await center_.routing.commit(center_.epoch, writes, r() % 2 == 0);
            for (std::size_t i = 0; i < writes.size(); ++i)
                if (committed.made_true[i]) ++done[fmt::format("decision {}", static_cast<int>(writes[i].what))];
            co_await end_the_time_of_a_wrapup();
            note("sweep", (co_await center_.routing.sweep(center_.epoch, desk::rules_of_the_clock(), 0)).wrapups > 0);
        }
    }

    asio::awaitable<void> end_the_time_of_a_wrapup() {
        return store::run(center_.db, [](pqxx::connection& c) {
            pqxx::nontransaction{c}.exec("UPDATE offer SET expires_at = now() WHERE id = (SELECT id FROM offer WHERE "
                                         "state = 'wrapup' LIMIT 1 FOR "
                                         "UPDATE SKIP LOCKED)");
        });
    }

    store::routing_write decide(const row& t, const std::vector<row>& all, random& r) const {
        store::routing_write w;
        w.ticket = t.ticket;
        w.version = t.version;
        w.channel = t.channel;
        w.weight = t.channel == "phone" ? 100 : 10;
        w.ring_s = 600;
        w.agent = t.agent != 0 ? t.agent : one_of(agents_, r);
        const auto dice = r() % 8;
        const auto another = one_of(agents_, r); // nobody is offered the same twice
        const bool new_to_it =
            std::ranges::none_of(all, [&](const row& o) { return o.ticket == t.ticket && o.agent == another; });
        if (t.state == "offered" && dice < 4 && new_to_it) { // a sibling
            w.agent = another;
            w.sibling = true;
            w.alone = false;
        } else if (t.state == "offered") {
            w.what = kind::end;
            w.detail = dice % 2 == 0 ? "timed_out" : "rescinded";
        } else if (t.state == "active") {
            w.what = kind::park;
        } else if (t.state == "parked") {
            w.what = kind::resume;
        } else if (dice == 0) {
            w.what = kind::put_off;
            w.detail = "blocked";
        } else if (dice == 1) {
            w.what = kind::overflow;
            w.queue = center_.other_queue;
            w.detail = "overflowed";
        } else {
            w.alone = dice % 2 == 0;
        }
        return w;
    }

    asio::awaitable<void> work(std::uint64_t seed) {
        random r{seed};
        for (int turn = 0; turn < 12; ++turn) {
            const auto rows = co_await look(center_.db, tickets_);
            co_await act(one_of(rows, r), r);
        }
    }

    asio::awaitable<void> act(row t, random& r) {
        auto& desk = center_.desk;
        const auto agent = t.agent != 0 ? t.agent : one_of(agents_, r);
        const auto other = one_of(agents_, r);
        const auto me = eyes(agent);
        const auto supervisor = center_.eyes(boss_);
        desk::callbacks callbacks{center_.db};
        switch (r() % 16) {
        case 0:
        case 1:
        case 2:
        case 3:
            if (t.offer_state == "offered") note("accept", co_await desk.accept(t.offer, agent));
            break;
        case 4:
            if (t.offer_state == "offered") note("decline", co_await desk.decline(t.offer, agent, "lunch"));
            break;
        case 5:
            note("transfer",
                 co_await desk.transfer(t.ticket, me, r() % 2 == 0 ? center_.queue : center_.other_queue, ""));
            break;
        case 6:
        case 7:
            note("solve", co_await desk.solve(t.ticket, me, "resolved", ""));
            break;
        case 8:
            note("hold", co_await desk.hold(t.ticket, me, now() + std::chrono::hours{1}, ""));
            break;
        case 9:
            note("assign", co_await desk.assign(t.ticket, supervisor, other, "knows it"));
            break;
        case 10:
            note("take", co_await desk.claim(t.ticket, eyes(other)));
            break;
        case 11:
            note("wrap-up done", co_await desk.end_wrapup(t.ticket, me, {}));
            break;
        case 12:
            note("resume", co_await desk.resume(t.ticket, supervisor));
            note("reopen", co_await desk.reopen(t.ticket, supervisor));
            break;
        case 13: {
            desk::callback_asker by{me, false, {}, {}};
            desk::callback_wish wish;
            wish.phone = "+493012345678";
            note("promise a call", co_await callbacks.schedule(t.ticket, by, wish));
            note("say how it went", co_await callbacks.record(t.ticket, by, "no_answer", ""));
            note("cancel the call", co_await callbacks.cancel(t.ticket, by));
            break;
        }
        case 14:
            note("escalate", co_await desk.escalate(t.ticket, me, "help"));
            break;
        case 15: {
            const auto state =
                std::array{presence_state::ready, presence_state::not_ready, presence_state::offline}[r() % 3];
            note("presence",
                 co_await desk.set_presence(other, {.state = r() % 4 == 0 ? state : presence_state::ready}));
            store::agents agents{center_.db};
            store::agent_change terms;
            terms.channels = std::vector<agent_channel>{{"email", static_cast<std::int64_t>(1 + r() % 4), 10},
                                                        {"phone", static_cast<std::int64_t>(r() % 3), 100}};
            note("capacity", co_await agents.put(other, terms, {}, {}));
            break;
        }
        }
    }

    static timestamp now() {
        return std::chrono::time_point_cast<timestamp::duration>(std::chrono::system_clock::now());
    }

    quiet_center& center_;
    std::vector<std::int64_t> agents_, tickets_;
    std::int64_t boss_;
    std::uint64_t seed_;
};

TEST(load_schedules, leave_every_load_as_the_open_offers_say) {
    quiet_center center;
    const auto boss = center.supervisor();
    const std::vector<std::int64_t> agents{center.agent("ana", 3, 1), center.agent("ben", 2, 2),
                                           center.agent("cem", 4, 1)};
    const auto first = number_from("SWITCHBOARD_SEED", 1), count = number_from("SWITCHBOARD_SCHEDULES", 200);
    std::map<std::string, int> done;
    for (auto seed = first; seed < first + count; ++seed) {
        schedule s{center, agents, boss, seed};
        EXPECT_EQ(s.run(), "") << "SWITCHBOARD_SEED=" << seed;
        if (testing::Test::HasFailure()) return;
        for (const auto& [what, times] : s.done) done[what] += times;
        // What is in hand goes, so that the next schedule finds everybody free.
        center.sql("UPDATE offer SET state = 'done', ended_at = now() WHERE state IN ('offered', 'active', 'parked', "
                   "'wrapup'); UPDATE agent_load SET used = 0, extra = 0; UPDATE presence SET state = 'ready'");
    }
    for (const auto& [what, times] : done) fmt::print("{} {}\n", times, what);
    for (const auto* what : {"accept", "decline", "transfer", "solve", "hold", "assign", "take", "wrap-up done",
                             "reopen", "promise a call", "escalate", "capacity", "sweep", "decision 0", "decision 1",
                             "decision 2", "decision 3", "decision 6", "decision 7"})
        EXPECT_GT(done[what], 0) << what << ": the schedules do not try it";
}

} // namespace
} // namespace switchboard::test
