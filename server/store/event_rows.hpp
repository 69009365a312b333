#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/util/event_data.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Appending to the event log.
namespace switchboard::store {

class pipeline;

/// Whom an event concerns: who may see it, and who did it.
struct event_about {
    std::optional<std::int64_t> ticket{};
    std::optional<std::int64_t> queue{};
    std::optional<std::int64_t> agent{};
    std::optional<std::int64_t> actor{}; // empty: the system
    std::vector<std::int64_t> queues{};  // of what is of no single ticket, sorted,
    std::vector<std::int64_t> agents{};  // and these people, sorted
};
/// A ticket, its queue and its owner.
event_about about(const ticket_summary& t, std::optional<std::int64_t> actor = {});

void append_event(pqxx::transaction_base& tx, std::string_view type, const event_about& whom, const std::string& data);

template <events::one_of_them E>
void append_event(pqxx::transaction_base& tx, const E& e, const event_about& whom) {
    append_event(tx, E::type, whom, data_of(e));
}

/// Behind the last event that readers of the log may have now. The cursor of an event, never pg_snapshot_xmin itself:
/// numbers of transactions that left nothing are given out again after a crash, and whoever had noted one of them
/// would miss what is written under it then.
cursor readable_end(pqxx::transaction_base& tx);

/// Of the ticket as it is when the statement is run, for its queue and its owner; of none, for supervisors.
void append_event(pipeline& to, std::string_view type, std::optional<std::int64_t> ticket, const std::string& data);

template <events::one_of_them E>
void append_event(pipeline& to, const E& e, std::optional<std::int64_t> ticket) {
    append_event(to, E::type, ticket, data_of(e));
}

} // namespace switchboard::store
