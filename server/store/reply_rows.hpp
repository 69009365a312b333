#pragma once

#include <switchboard/model/events/contacts.hpp>
#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>

/// Our words as rows: committed first, sent afterwards by delivery (e-mail), by the live feed (chat), or only recorded.
namespace switchboard::store {

/// Writes it with its files. What is told of it, but for the ticket as it is then.
events::contact_sent write_reply(pqxx::transaction_base& tx, const ticket_record& t, std::int64_t author,
                                 const outgoing_reply& r);

/// Takes it back, and it is its author's draft again; or queues it once more, under the same Message-ID. What is told
/// of it, but for the ticket.
events::contact_delivery write_reply_change(pqxx::transaction_base& tx, const ticket_record& t, std::int64_t by,
                                            const reply_change& c);

} // namespace switchboard::store
