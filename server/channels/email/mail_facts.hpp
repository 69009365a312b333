#pragma once

#include "channels/email/headers.hpp"
#include "channels/email/lists.hpp"

#include <switchboard/channels/inputs.hpp>
#include <switchboard/model/contact.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a mail's header and envelope say: who, to whom, when, in which thread.
namespace switchboard::channels::email {

/// What the server that handed the mail over was told beside it.
struct envelope {
    std::vector<std::string> recipients;
    std::optional<std::string> sender; // empty string: the null sender of bounces
};
envelope read_envelope(const raw_input& input);

party read_sender(const mail_headers& headers, const envelope& via);
/// Those of a field who have an address, each once.
std::vector<party> read_parties(const mail_headers& headers, std::string_view field);
std::optional<timestamp> read_date(const mail_headers& headers);
mail_thread read_thread(const mail_headers& headers, const inbound_contact& contact, const envelope& via);

/// What `details` of a mail holds.
nlohmann::json read_details(const mail_headers& headers, const inbound_contact& contact, const envelope& via);
/// Adds who wrote, and how we know: what tells later whom an answer goes to.
void describe_author(nlohmann::json& details, const inbound_contact& contact, const party& header_from,
                     const mailing_list& list, std::string_view checked);

} // namespace switchboard::channels::email
