#pragma once

#include <switchboard/store/keep.hpp>

#include <pqxx/pqxx>

namespace switchboard::store {

/// Waits for whoever works on the same request. Throws earlier_request when that has been answered, when the key is
/// another request's, or when waiting takes too long.
void claim(pqxx::transaction_base& tx, const request_key& key);
void write_answer(pqxx::transaction_base& tx, const request_key& key, int status, const std::string& body);

/// The transaction of a request that may come again: its work and its answer are committed together.
template <class T>
class once {
public:
    once(pqxx::connection& c, const keep<T>& answer) : tx{c}, answer_{answer} {
        if (answer_.key) claim(tx, *answer_.key);
    }

    pqxx::work tx;

    void commit(const T& done) {
        if (answer_.key) write_answer(tx, *answer_.key, answer_.status, answer_.body(done));
        tx.commit();
    }

private:
    const keep<T>& answer_;
};

} // namespace switchboard::store
