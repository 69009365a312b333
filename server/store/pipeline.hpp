#pragma once

#include "store/sql.hpp"

#include <pqxx/pqxx>

#include <functional>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;

namespace switchboard::store {

/// One parameter of a statement: as text, or in the binary format of its type.
struct parameter {
    std::optional<std::string> bytes; // empty = NULL
    bool binary = false;
};

/// Statements that go to PostgreSQL together and are answered together (PostgreSQL manual, libpq, "Pipeline Mode"). On
/// a busy machine a transaction waits for its turn at every answer, so a few together take far less time than one by
/// one. They run in their order, each seeing what those before it did; after one that fails none is run.
class pipeline {
public:
    using reader = std::function<void(const pqxx::result&)>;

    explicit pipeline(pqxx::connection_base& connection) : connection_{connection} {}

    /// Nothing goes out before run().
    void tell(const statement& s, std::vector<parameter> parameters) {
        waiting_.push_back({s, std::move(parameters), {}});
    }
    template <class... A>
    void tell(const statement& s, const A&... args) {
        ask(s, {}, args...);
    }
    /// The answer goes to `read`, after those of the statements before it.
    template <class... A>
    void ask(const statement& s, reader read, const A&... args) {
        std::vector<parameter> parameters;
        parameters.reserve(sizeof...(A));
        (parameters.push_back({std::move(sql_value{args}.text), false}), ...);
        waiting_.push_back({s, std::move(parameters), std::move(read)});
    }

    /// Sends what waits and reads the answers. Throws what libpqxx would for the first that failed.
    void run();

    pqxx::connection_base& connection() { return connection_; }

private:
    struct waiting {
        statement what;
        std::vector<parameter> parameters;
        reader read;
    };

    static void send(pg_conn* to, const std::vector<waiting>& asked);
    static std::vector<pqxx::result> receive(pg_conn* from, const std::vector<waiting>& asked);

    pqxx::connection_base& connection_;
    std::vector<waiting> waiting_;
};

/// A transaction that works in pipelines: BEGIN goes out with its first statements, COMMIT with its last.
class pipelined_work {
public:
    explicit pipelined_work(pqxx::connection_base& connection);
    ~pipelined_work(); // rolls back what is not committed
    pipelined_work(const pipelined_work&) = delete;
    pipelined_work& operator=(const pipelined_work&) = delete;

    pipeline statements;

    /// For a statement whose answer is wanted at once. What waits goes out before it.
    pqxx::transaction_base& alone();

    void commit();

private:
    pqxx::nontransaction alone_;
    bool open_ = true; // as far as the server may know
};

} // namespace switchboard::store
