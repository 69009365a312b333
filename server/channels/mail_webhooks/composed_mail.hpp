#pragma once

#include <switchboard/channels/inputs.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels::mail_webhooks {

/// A mail as a provider takes it apart. Text is UTF-8.
struct taken_apart {
    std::vector<std::pair<std::string, std::string>> headers; // in their order; those about MIME are left out
    std::string text, html;
    std::vector<attachment> files;
};

/// The header fields of a raw header block, unfolded.
std::vector<std::pair<std::string, std::string>> split_headers(std::string_view block);

/// Sets a field that the header does not have.
void add_missing(taken_apart& mail, const std::string& name, const std::string& value);

/// "Jane Doe <jane@example.com>" in which no name can change the address.
std::string mailbox(const std::string& name, const std::string& address);

/// The mail put together again (RFC 5322), so that one parser reads all mail.
std::string compose(const taken_apart& mail);

/// What the provider says about the way of a mail.
struct mail_envelope {
    std::string sender; // may be empty: of a bounce
    bool has_sender = false;
    std::vector<std::string> recipients;
};

/// Reads raw MIME as `email` gateways do; `details` are added to those of the record.
std::vector<normalized_record> read_mail(const gateway_settings& settings, std::string_view mime,
                                         const mail_envelope& way, const nlohmann::json& details, const limits& bounds);

} // namespace switchboard::channels::mail_webhooks
