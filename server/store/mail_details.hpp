#pragma once

#include <switchboard/util/mail_head.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string_view>

/// What a mail of ours keeps in its contact's details until it is sent.
namespace switchboard::store {

/// `auto_submitted`: of a mail that no person writes (RFC 3834).
nlohmann::json details_of(const mail_head& head, std::string_view auto_submitted = {});

/// The same read again, but for the subject and the Message-ID, which have columns of their own.
void read_details(const nlohmann::json& details, mail_head& to);

} // namespace switchboard::store
