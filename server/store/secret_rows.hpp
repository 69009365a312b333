#pragma once

#include "store/sql.hpp"

#include <switchboard/util/secret_box.hpp>

#include <map>
#include <string>

/// Rows of `secret`, inside somebody's transaction.
namespace switchboard::store {

/// What a secret belongs to: a gateway's `imap.password`, a setting's only secret.
struct secret_place {
    std::string owner;
    std::int64_t owner_id = 0;
    std::string name;

    std::string text() const { return owner + '/' + std::to_string(owner_id) + '/' + name; }
};

inline const secret_place instance_secret_place{"setting", 0, "instance_secret"};

void write_secret(pqxx::transaction_base& tx, const secret_box& box, const secret_place& at, const secret_text& words);
void remove_secret(pqxx::transaction_base& tx, const secret_place& at);

/// Throws `unreadable_secret`.
secret_text open_secret(const secret_box& box, const secret_place& at, const pqxx::field& key_id,
                        const pqxx::field& bytes);

/// The secret that signs reply addresses: sealed, or in the open where there is no key.
secret_text read_instance_secret(pqxx::transaction_base& tx, const secret_box& box);

/// Moves what stands in the open in this gateway's settings to sealed rows. The row is locked.
void seal_gateway(pqxx::transaction_base& tx, const secret_box& box, std::int64_t id);

/// The condition that a gateway has secrets in the open.
const std::string& has_open_secrets();

} // namespace switchboard::store
