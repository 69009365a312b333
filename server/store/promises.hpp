#pragma once

#include <switchboard/model/events/tickets.hpp>
#include <switchboard/sla/promise.hpp>

#include "store/pipeline.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Promises and the hours in which they run, as rows.
namespace switchboard::store {

/// The columns that hours_from() reads, of a calendar `c` that may be none.
inline constexpr std::string_view hours_columns = "c.timezone, c.hours, c.special_days";
/// No calendar = always open.
sla::business_hours hours_from(const pqxx::row& r);

/// The hours that the promise to a ticket `t` was made by: for hours_from(), and the join that they need.
inline constexpr std::string_view promised_hours_columns = "made_by.timezone, made_by.hours, made_by.special_days";
inline constexpr std::string_view promised_hours_join = R"sql(
    LEFT JOIN LATERAL regexp_match(t.sla, '^\{"policy":"[^"]*, calendar ([0-9]+) v([0-9]+)"') AS p(named) ON true
    LEFT JOIN calendar_version made_by
      ON made_by.calendar_id = p.named[1]::bigint AND made_by.version = p.named[2]::integer)sql";

/// What each queue promises now, or one of them.
std::map<std::int64_t, sla::queue_promises> read_promises(pqxx::transaction_base& tx,
                                                          std::optional<std::int64_t> queue = {});

/// The promise to a ticket whose row this transaction has locked, at the transaction's time.
struct ticket_promise {
    std::int64_t ticket = 0;
    sla::promise promise;
    sla::business_hours hours; // those that it was made by
    timestamp now{};
};
ticket_promise read_promise(pqxx::transaction_base& tx, std::int64_t ticket);

/// Writes it back with its due times and appends the lines. The row's version stays.
void write_promise(pqxx::transaction_base& tx, const ticket_promise& p, const sla::promise::lines& lines);

/// Appends ticket.changed about what a promise did without anybody.
void tell_promise_changed(pqxx::transaction_base& tx, std::int64_t ticket, events::ticket_change change);

/// It has come to another queue or priority: from now on what is promised there, unless it is solved. A step of routing
/// that raises the priority is none of this: it changes the place of the ticket, and no row.
void promise_follows(pqxx::transaction_base& tx, std::int64_t ticket, std::string_view reason);

/// Many lines at once, each with its ticket, which is locked or new.
using told_line = std::pair<std::int64_t, sla_entry>;
void append_lines(pipeline& to, const std::vector<told_line>& lines);
void append_lines(pqxx::transaction_base& tx, const std::vector<told_line>& lines);

} // namespace switchboard::store
