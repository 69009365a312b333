#include "store/connection_pool.hpp"

#include <fmt/format.h>

#include <poll.h>

#include <algorithm>

namespace switchboard::store {
namespace {

/// Whether an idle connection has news. It should have none: a readable socket means that the server closed it.
bool readable(const pqxx::connection& c) {
    pollfd p{.fd = c.sock(), .events = POLLIN, .revents = 0};
    return poll(&p, 1, 0) != 0;
}

bool usable(pqxx::connection& c) {
    if (!c.is_open()) return false;
    if (!readable(c)) return true;
    try {
        c.get_notifs(); // reads what there is: a notice leaves the connection open, an end of file does not
    } catch (const pqxx::failure&) {
        return false;
    }
    return c.is_open() && !readable(c);
}

/// libpqxx 6 opens a connection that broke by itself, between two statements of ours and without our settings. (7 has
/// neither that nor this.)
void stay_closed(pqxx::connection& c) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
    c.inhibit_reactivation(true);
#pragma clang diagnostic pop
}

} // namespace

bool means_unavailable(const std::string& state) {
    return state.starts_with("08") || state.starts_with("53") || state.starts_with("57") || state.starts_with("58") ||
           state == "25006" || // read-only: we are talking to a standby
           state == "25P03" || // it lost patience with us in the middle of a transaction
           state == "55P03";   // somebody holds a row for longer than we wait
}

std::string connection_string(const std::string& url, const database_options& options) {
    const std::pair<std::string_view, std::string> ours[] = {
        {"connect_timeout", std::to_string(options.connect_timeout.count())},
        {"tcp_user_timeout", std::to_string((options.statement_timeout + std::chrono::seconds{5}).count() * 1000)},
        {"application_name", options.application_name},
        {"client_encoding", "UTF8"},
    };
    const bool is_uri = url.starts_with("postgresql://") || url.starts_with("postgres://");
    auto text = url;
    for (const auto& [key, value] : ours) {
        if (url.find(fmt::format("{}=", key)) != std::string::npos) continue;
        if (is_uri)
            text += fmt::format("{}{}={}", text.find('?') == std::string::npos ? '?' : '&', key, value);
        else
            text += fmt::format(" {}='{}'", key, value);
    }
    return text;
}

std::unique_ptr<pqxx::connection> connect(const std::string& url, const database_options& options) {
    try {
        auto c = std::make_unique<pqxx::connection>(connection_string(url, options));
        pqxx::nontransaction tx{*c};
        tx.exec(fmt::format(R"(
            SET statement_timeout = '{}s';
            SET idle_in_transaction_session_timeout = '{}s';
            SET timezone = 'UTC';
            SET datestyle = 'ISO';
            SET bytea_output = 'hex')",
                            options.statement_timeout.count(), options.statement_timeout.count() * 2));
        stay_closed(*c);
        return c;
    } catch (const pqxx::failure& e) {
        throw unavailable{fmt::format("cannot connect to PostgreSQL: {}", e.what())};
    }
}

void connection_pool::lease::open() {
    mine = {connect(pool.url_, pool.options_), clock::now() + std::chrono::seconds{1}};
    try {
        // A process that is stopped, or a machine that is gone, keeps the rows that it holds from nobody for long: far
        // longer than we are ever busy between two statements. Nobody waits much longer than that for a row.
        pqxx::nontransaction tx{*connection};
        tx.exec("SET idle_in_transaction_session_timeout = '2s'; SET lock_timeout = '3s'; SET tcp_user_timeout = '5s'");
    } catch (const pqxx::failure& e) {
        connection.reset();
        throw unavailable{fmt::format("cannot connect to PostgreSQL: {}", e.what())};
    }
}

connection_pool::connection_pool(std::string url, database_options options)
    : url_{std::move(url)}, options_{std::move(options)}, threads_{options_.connections} {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.connections / 3); ++i)
        searches_.emplace_back(threads_.get_executor());
}

connection_pool::place connection_pool::enter() {
    place mine{this};
    if (++pending_ > options_.max_waiting) throw overloaded{"too many jobs wait for the database"};
    return mine;
}

connection_pool::lease::lease(connection_pool& p) : pool{p} {
    {
        const std::lock_guard lock{pool.mutex_};
        if (!pool.idle_.empty()) {
            mine = std::move(pool.idle_.back());
            pool.idle_.pop_back();
        }
    }
    if (connection && !usable(*connection)) connection.reset();
    if (connection && clock::now() >= mine.again_at) mine.renew();
    if (!connection) open();
}

void connection_pool::planned::renew() {
    constexpr std::chrono::seconds longest{600};
    try {
        pqxx::nontransaction tx{*connection};
        tx.exec("DISCARD PLANS");
        pause = std::min(pause * 2, longest);
        again_at = clock::now() + pause;
    } catch (const pqxx::failure&) {
        connection.reset(); // a new one has no plans
    }
}

connection_pool::lease::~lease() {
    if (!connection || !connection->is_open()) return;
    const std::lock_guard lock{pool.mutex_};
    pool.idle_.push_back(std::move(mine));
}

void connection_pool::lease::rethrow() {
    try {
        throw;
    } catch (const pqxx::broken_connection& e) {
        connection.reset();
        throw unavailable{e.what()};
    } catch (const pqxx::in_doubt_error& e) {
        connection.reset();
        throw unavailable{e.what()};
    } catch (const pqxx::transaction_rollback& e) { // a deadlock: nothing was done
        throw unavailable{e.what()};
    } catch (const pqxx::sql_error& e) {
        if (!connection->is_open()) connection.reset();
        if (!connection || means_unavailable(e.sqlstate())) throw unavailable{e.what()};
        throw;
    } catch (const pqxx::failure& e) {
        if (connection->is_open()) throw;
        connection.reset();
        throw unavailable{e.what()};
    }
}

} // namespace switchboard::store
