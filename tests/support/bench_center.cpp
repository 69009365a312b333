#include "support/bench_center.hpp"

#include <switchboard/store/migrate.hpp>
#include <switchboard/util/hash.hpp>

#include <fmt/format.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace switchboard::test {

bench_center::bench_center() : bench_center{std::string{}} {}

bench_center::bench_center(std::string elsewhere)
    : own_{elsewhere.empty() ? std::make_unique<private_postgres>() : nullptr},
      url_{own_ ? own_->cluster.url() : std::move(elsewhere)} {
    store::migrate(url(), store::find_migrations());
    queue_id_ = std::stoll(sql("INSERT INTO queue (name, ring_s) VALUES ('Everything', 3600) RETURNING id"));
    gateway_id_ = std::stoll(sql(fmt::format(
        "INSERT INTO gateway (name, kind, queue_id) VALUES ('{}', 'email', {}) RETURNING id", gateway, queue_id_)));
    sql("INSERT INTO users (login, name, roles) VALUES ('admin', 'Admin', '[6]') RETURNING id");
    sql(fmt::format(
        R"(INSERT INTO token (name, token_hash, scopes) VALUES ('bench', '{}', '["intake", "admin"]') RETURNING id)",
        sha256_hex(token)));
}

std::string bench_center::sql(const std::string& statement) const {
    pqxx::connection c{url()};
    const auto rows = pqxx::nontransaction{c}.exec(statement);
    return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

std::vector<std::int64_t> bench_center::add_agents(std::size_t count, bool ready) const {
    std::vector<std::int64_t> out;
    pqxx::connection c{url()};
    pqxx::work tx{c};
    for (std::size_t i = 0; i < count; ++i) {
        const auto id = tx.exec1(fmt::format(
            "INSERT INTO users (login, name, roles, units) VALUES ('agent{0}', 'Agent {0}', '[2]', "
            "1000) RETURNING id",
            i))[0]
                            .as<std::int64_t>();
        tx.exec0(fmt::format("INSERT INTO queue_member (queue_id, agent_id) VALUES ({}, {})", queue_id_, id));
        tx.exec0(fmt::format("INSERT INTO agent_channel VALUES ({}, 'email', 100, 0)", id));
        tx.exec0(fmt::format(
            "INSERT INTO agent_load (agent_id, channel, capacity) VALUES ({0}, '*', 1000), ({0}, 'email', 100)", id));
        tx.exec0(fmt::format("INSERT INTO presence (agent_id, state, channels) VALUES ({}, '{}', '{{email}}')", id,
                             ready ? "ready" : "not_ready"));
        out.push_back(id);
    }
    tx.commit();
    return out;
}

std::string bench_center::session_of(std::int64_t user) const {
    const auto secret = random_hex(16);
    sql(fmt::format(
        "INSERT INTO session (token_hash, user_id, csrf_token, expires_at) VALUES ('{}', {}, 'csrf', now() + "
        "interval '1 day') RETURNING user_id",
        sha256_hex(secret), user));
    return secret;
}

std::string bench_letter() {
    static constexpr const char* words[] = {
        "order", "please", "when",     "the",    "invoice", "router",     "again",     "number", "since",  "monday",
        "and",   "would",  "like",     "answer", "thank",   "delivery",   "yesterday", "nobody", "called", "back",
        "about", "my",     "contract", "it",     "is",      "not",        "working",   "red",    "light",  "on",
        "box",   "paid",   "twice",    "refund", "address", "changed",    "account",   "you",    "have",   "to",
        "a",     "for",    "with",     "still",  "waiting", "technician", "came",      "left",   "cable",  "wrong",
        "price", "month",  "of",       "in",     "this",    "could",      "somebody",  "tell",   "me",     "how",
        "long",  "will",   "take",     "sorry"};
    std::string out;
    unsigned seed = 7;
    const auto next = [&seed](unsigned below) { return (seed = seed * 1103515245u + 12345u, (seed >> 16) % below); };
    std::size_t line = 0;
    while (out.size() < 4000) {
        out += next(20) == 0 ? std::to_string(next(10'000)) : words[next(64)];
        const bool full = out.size() - line > 70;
        out += full ? (next(8) == 0 ? ".\r\n\r\n" : "\r\n") : next(12) == 0 ? ", " : " ";
        if (full) line = out.size();
    }
    return out;
}

namespace {

struct process {
    pid_t parent = 0;
    double cpu_s = 0, ended_children_s = 0;
};

process read_process(const std::string& pid) {
    std::ifstream in("/proc/" + pid + "/stat");
    std::string all;
    std::getline(in, all);
    std::istringstream fields{all.substr(std::min(all.size(), all.rfind(')') + 1))}; // behind the name
    process out;
    std::string skipped;
    double user = 0, system = 0, children_user = 0, children_system = 0;
    fields >> skipped >> out.parent;
    for (int i = 0; i < 9; ++i) fields >> skipped;
    fields >> user >> system >> children_user >> children_system;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    out.cpu_s = (user + system) / ticks;
    out.ended_children_s = (children_user + children_system) / ticks;
    return out;
}

} // namespace

double cpu_seconds(pid_t pid) {
    return read_process(std::to_string(pid)).cpu_s;
}

double bench_center::postgres_cpu_seconds() const {
    double out = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        const auto p = read_process(name);
        const auto first = own_ ? own_->cluster.pid() : 0;
        if (p.parent == first) out += p.cpu_s;
        if (name == std::to_string(first)) out += p.cpu_s + p.ended_children_s;
    }
    return out;
}

std::string machine_load() {
    std::ifstream in("/proc/loadavg");
    std::string one, five, fifteen;
    in >> one >> five >> fifteen;
    return one + ' ' + five + ' ' + fifteen;
}

} // namespace switchboard::test
