#include <switchboard/store/queues.hpp>

#include <switchboard/util/name.hpp>
#include <switchboard/util/text.hpp>

#include "store/directory/rows.hpp"
#include "store/guard.hpp"
#include "store/noun_change.hpp"
#include "store/run.hpp"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace switchboard::store {
namespace {

/// "Needs follow-up" -> "needs_follow_up".
std::string id_of_name(std::string_view name) {
    std::string id;
    for (const char c : lower_ascii(name)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
        if (plain)
            id += c;
        else if (!id.empty() && id.back() != '_')
            id += '_';
    }
    if (id.ends_with('_')) id.pop_back();
    return id.empty() ? "other" : std::string{truncate_utf8(id, 60)};
}

/// A disposition that was named only gets its id: of "C" and "C++" the second is c_2.
void name_dispositions(pqxx::transaction_base&, datum& queue) {
    auto all = queue["dispositions"];
    std::set<std::string> taken;
    for (const auto& one : all.items) taken.insert(one["id"].text);
    for (auto& one : all.items) {
        if (!one["id"].text.empty()) continue;
        const auto plain = id_of_name(one["name"].text);
        auto id = plain;
        for (int n = 2; !taken.insert(id).second; ++n) id = fmt::format("{}_{}", plain, n);
        one.set("id", id);
    }
    queue.set("dispositions", std::move(all));
}

/// At least one that is offered, no two of one name or id.
std::optional<refusal> judge_dispositions(const std::vector<datum>& all) {
    std::set<std::string> ids, names;
    bool offered = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto at = fmt::format("dispositions[{}]", i);
        if (!names.insert(same_name_form(all[i]["name"].text)).second)
            return refusal::invalid(at + ".name", "is in the list already");
        if (!ids.insert(all[i]["id"].text).second) return refusal::invalid(at + ".id", "is in the list already");
        offered = offered || all[i]["retired"].number == 0;
    }
    return offered ? std::nullopt
                   : std::optional{refusal::invalid("dispositions", "must have one that is not retired")};
}

/// Where its tickets go on has to be a queue that takes tickets. Its own supervisors may be whom it escalates to.
std::optional<refusal> judge_way_on(pqxx::transaction_base& tx, const datum& queue, const std::string& field) {
    const auto& to = queue[field];
    if (to.is != datum::kind::integer || to == queue["id"]) return std::nullopt;
    if (value_of<bool>(query(tx, "SELECT active FROM queue WHERE id = $1", to.number))) return std::nullopt;
    return refusal::invalid(field, "names a queue that takes no tickets");
}

/// What still leads to a queue that is to take no more tickets; those that wait there are served all the same. One that
/// was closed before this was asked can be changed as it is.
std::optional<refusal> judge_closing(pqxx::transaction_base& tx, std::int64_t queue) {
    if (query(tx, "SELECT FROM queue WHERE id = $1 AND active", queue).empty()) return std::nullopt;
    const auto gateways = query(tx, R"(
        SELECT name FROM gateway WHERE queue_id = $1 AND enabled ORDER BY id LIMIT 1)",
                                queue);
    if (!gateways.empty())
        return refusal::conflict(
            "cannot be false: the gateway " + get<std::string>(gateways.front()["name"]) + " leads here", "active");
    const auto queues = query(tx, R"(
        SELECT name FROM queue
        WHERE active AND id <> $1 AND (overflow_queue_id = $1 OR escalation_queue_id = $1) ORDER BY id LIMIT 1)",
                              queue);
    if (!queues.empty())
        return refusal::conflict(
            "cannot be false: the queue " + get<std::string>(queues.front()["name"]) + " leads here", "active");
    return std::nullopt;
}

std::optional<refusal> judge_queue(pqxx::transaction_base& tx, const datum& queue) {
    if (queue["overflow_queue_id"] == queue["id"])
        return refusal::invalid("overflow_queue_id", "must name another queue");
    for (const auto* field : {"overflow_queue_id", "escalation_queue_id"})
        if (auto wrong = judge_way_on(tx, queue, field)) return wrong;
    if (queue["active"].number == 0)
        if (auto wrong = judge_closing(tx, queue["id"].number)) return wrong;
    return judge_dispositions(queue["dispositions"].items);
}

std::vector<queue_member> read_members(pqxx::transaction_base& tx, std::int64_t id) {
    return read_all<queue_member>(query(tx, R"(
        SELECT m.agent_id, u.name, m.rank, m.delay_s
        FROM queue_member m
        JOIN users u ON u.id = m.agent_id
        WHERE m.queue_id = $1
        ORDER BY m.rank, m.agent_id)",
                                        id));
}

/// Who becomes a member, is one no more, or is one on other terms.
std::vector<std::int64_t> changed_members(const std::vector<queue_member>& before,
                                          const std::vector<queue_member>& after) {
    const auto terms_of = [](const std::vector<queue_member>& all) {
        std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> out;
        for (const auto& m : all) out.emplace(m.agent_id, m.rank, m.delay_s);
        return out;
    };
    std::vector<std::int64_t> out;
    const auto were = terms_of(before), are = terms_of(after);
    for (const auto& m : were)
        if (!are.contains(m)) out.push_back(std::get<0>(m));
    for (const auto& m : are)
        if (!were.contains(m)) out.push_back(std::get<0>(m));
    return out;
}

} // namespace

template <>
const noun_table& table_of<queue>() {
    static const noun_table made{schema_of<queue>(),
                                 {.distinct_names = true, .complete = name_dispositions, .judge = judge_queue}};
    return made;
}

boost::asio::awaitable<std::optional<std::vector<queue_member>>> queue_members::of(std::int64_t queue) {
    return run(db_, [queue](pqxx::connection& c) -> std::optional<std::vector<queue_member>> {
        pqxx::work tx{c};
        if (!table_of<switchboard::queue>().find(tx, queue).exists()) return std::nullopt;
        return read_members(tx, queue);
    });
}

boost::asio::awaitable<queue_members::changed> queue_members::set(std::int64_t queue, std::vector<queue_member> all,
                                                                  std::optional<std::int64_t> if_match, giver by) {
    return run(db_, [queue, all = std::move(all), if_match, by](pqxx::connection& c) {
        return told<std::vector<queue_member>>([&]() -> changed {
            pqxx::work tx{c};
            const auto before = table_of<switchboard::queue>().find(tx, queue, true);
            if (!before.exists()) return std::unexpected{refusal::missing()};
            if (if_match && *if_match != before["version"].number) return std::unexpected{refusal::stale()};
            std::vector<std::int64_t> agents, ranks, delays;
            for (const auto& m : all) {
                agents.push_back(m.agent_id);
                ranks.push_back(m.rank);
                delays.push_back(m.delay_s);
            }
            const auto were = read_members(tx, queue);
            if (auto wrong = who_may_more(tx, by, changed_members(were, all), "members"))
                return std::unexpected{std::move(*wrong)};
            query(tx, "DELETE FROM queue_member WHERE queue_id = $1", queue);
            query(tx, R"(
                INSERT INTO queue_member (queue_id, agent_id, rank, delay_s)
                SELECT $1, * FROM unnest($2::bigint[], $3::smallint[], $4::integer[]))",
                  queue, array_literal(agents), array_literal(ranks), array_literal(delays));
            query(tx, "UPDATE queue SET version = version + 1 WHERE id = $1", queue);
            auto after = read_members(tx, queue);
            audit_notes notes{by.id};
            set_changed(tx, table_of<switchboard::queue>(), notes, before, "members", switchboard::get(were),
                        switchboard::get(after));
            tx.commit();
            notes.tell();
            return after;
        });
    });
}

} // namespace switchboard::store
