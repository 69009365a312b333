#pragma once

#include <switchboard/model/record.hpp>
#include <switchboard/util/mail_head.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <string>

namespace switchboard::store {

/// Whom an answer goes to, and what it answers. Kind "email" is sent, "chat" delivered live, "none" only recorded.
struct answer_target : reply_target {
    std::int64_t gateway_id = 0;
    mail_head mail; // of the contact that is answered; of others than mail only its subject
    std::string thread_key;
};

/// Judged by the customer's latest contact on this ticket.
answer_target find_answer_target(pqxx::transaction_base& tx, std::int64_t ticket);

/// The name under which mail of this ticket leaves: its queue's, else the mailbox's own.
std::string sender_name(pqxx::transaction_base& tx, std::int64_t ticket, std::string of_mailbox);

} // namespace switchboard::store
