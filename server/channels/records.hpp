#pragma once

#include <switchboard/channels/inputs.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace switchboard::channels {

/// What could not be understood, kept and visible. Its external id is the hash of the bytes, so a repeat is a repeat.
inbound_contact quarantined(std::string_view channel, std::string_view bytes, std::string reason);

/// An input of more records than one may have: it is kept whole, as one.
inbound_contact too_many_records(std::string_view channel, std::string_view bytes, const limits& bounds);

void add_flag(inbound_contact& contact, std::string_view flag);

attachment make_attachment(std::string name, std::string type, std::string content);

/// Details as they are kept: without nulls and empty texts, all text fit for jsonb.
std::string details_text(const nlohmann::json& details);

std::string query_value(const raw_input& input, std::string_view name);

/// Makes all text of a record valid UTF-8 without NUL and of a length that a page can show; what is cut from `text`
/// stays as an attachment.
void make_presentable(normalized_record& record, const limits& bounds);

} // namespace switchboard::channels
