#include "store/pipeline.hpp"

#include <switchboard/util/freed_by.hpp>

#include <libpq-fe.h>
#include <pqxx/internal/gates/result-creation.hxx>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>

namespace switchboard::store {
namespace {

// libpqxx 6.4 knows no pipelines of prepared statements, and keeps its PGconn and the making of its results to itself.
// An explicit instantiation may name what is private.
template <auto Get>
struct raw_of {
    friend pg_conn* raw(const pqxx::connection_base& c) { return (c.*Get)(); }
};
pg_conn* raw(const pqxx::connection_base& c);
template struct raw_of<&pqxx::connection_base::raw_connection>;

template <auto Create>
struct result_of {
    friend pqxx::result adopt(PGresult* r, const std::string& sql) {
        return Create(r, sql, pqxx::internal::encoding_group::UTF8);
    }
};
pqxx::result adopt(PGresult* r, const std::string& sql);
template struct result_of<&pqxx::internal::gate::result_creation::create>;

using result_ptr = std::unique_ptr<PGresult, freed_by<PQclear>>;

/// As libpqxx tells them apart.
[[noreturn]] void raise(const PGresult* result, const std::string& sql) {
    const std::string message = PQresultErrorMessage(result);
    const char* given = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string state = given == nullptr ? "" : given;
    if (state == "23505") throw pqxx::unique_violation{message, sql, state.c_str()};
    if (state == "23503") throw pqxx::foreign_key_violation{message, sql, state.c_str()};
    if (state.starts_with("23")) throw pqxx::integrity_constraint_violation{message, sql, state.c_str()};
    if (state == "40P01") throw pqxx::deadlock_detected{message};
    if (state == "40001") throw pqxx::serialization_failure{message};
    if (state.starts_with("40")) throw pqxx::transaction_rollback{message};
    throw pqxx::sql_error{message, sql, state.c_str()};
}

[[noreturn]] void raise_broken(const pg_conn* connection) {
    throw pqxx::broken_connection{PQerrorMessage(connection)};
}

constexpr statement begin{"begin", "BEGIN"}, commit_{"commit", "COMMIT"};

} // namespace

void pipeline::run() {
    const auto asked = std::exchange(waiting_, {}); // what fails is not sent again
    if (asked.empty()) return;
    for (const auto& w : asked) {
        connection_.prepare(w.what.name, w.what.sql); // a repeat with the same text costs a look-up
        connection_.prepare_now(w.what.name);
    }
    auto* connection = raw(connection_);
    if (PQenterPipelineMode(connection) != 1) raise_broken(connection);
    send(connection, asked);
    const auto answers = receive(connection, asked);
    for (std::size_t i = 0; i < asked.size(); ++i)
        if (asked[i].read) asked[i].read(answers[i]);
}

void pipeline::send(pg_conn* to, const std::vector<waiting>& asked) {
    for (const auto& w : asked) {
        std::vector<const char*> values;
        std::vector<int> lengths, formats;
        for (const auto& p : w.parameters) {
            values.push_back(p.bytes ? p.bytes->data() : nullptr);
            lengths.push_back(p.bytes ? static_cast<int>(p.bytes->size()) : 0);
            formats.push_back(p.binary ? 1 : 0);
        }
        if (PQsendQueryPrepared(to, w.what.name, static_cast<int>(values.size()), values.data(), lengths.data(),
                                formats.data(), 0) != 1)
            raise_broken(to);
    }
    if (PQpipelineSync(to) != 1) raise_broken(to);
}

std::vector<pqxx::result> pipeline::receive(pg_conn* from, const std::vector<waiting>& asked) {
    std::vector<pqxx::result> answers;
    result_ptr failed;
    std::string failed_sql;
    for (const auto& w : asked) {
        result_ptr answer{PQgetResult(from)};
        if (!answer || PQstatus(from) != CONNECTION_OK) raise_broken(from);
        while (const result_ptr more{PQgetResult(from)}) continue; // none; libpq wants to be asked
        const auto status = PQresultStatus(answer.get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            answers.push_back(adopt(answer.release(), w.what.sql));
        } else if (!failed) {
            failed = std::move(answer);
            failed_sql = w.what.sql;
        }
    }
    const result_ptr end{PQgetResult(from)};
    if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(from) != 1) raise_broken(from);
    if (failed) raise(failed.get(), failed_sql);
    return answers;
}

pipelined_work::pipelined_work(pqxx::connection_base& connection) : statements{connection}, alone_{connection} {
    statements.tell(begin);
}

pipelined_work::~pipelined_work() {
    if (!open_) return;
    try {
        alone_.exec0("ROLLBACK");
    } catch (const std::exception&) { // a connection that is lost has rolled back
        alone_.conn().disconnect();
    }
}

pqxx::transaction_base& pipelined_work::alone() {
    statements.run();
    return alone_;
}

void pipelined_work::commit() {
    // PostgreSQL answers COMMIT in a transaction that has failed as if all were well, and rolls back.
    if (PQtransactionStatus(raw(statements.connection())) == PQTRANS_INERROR)
        throw std::logic_error{"a transaction that has failed cannot be committed"};
    statements.tell(commit_);
    statements.run();
    open_ = false;
}

} // namespace switchboard::store
