#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/gateway_settings.hpp>

#include <expected>
#include <map>
#include <string>

namespace switchboard::channels {

/// One row of a CDR file: column name in lower case -> text, as it stands there.
using cdr_row = std::map<std::string, std::string, std::less<>>;

/// The leg of a call that a row of Asterisk's tells of (cdr_csv.c), or one of another system with the columns that its
/// gateway names. Understood columns, beside Asterisk's own: duration_hms (of the talk, HH:MM:SS), agent, queue,
/// reason, recording_url, notes. The error says what is wrong with it: else these are other columns, or another kind of
/// file.
std::expected<inbound_contact, std::string> read_cdr_row(const cdr_row& row, const gateway_settings& settings);

} // namespace switchboard::channels
