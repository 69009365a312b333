#pragma once

#include <switchboard/model/gateway_settings.hpp>

#include <string>

/// Test contacts, one for each kind whose contacts are pushed: what its sender would hand in, with an id of its own.
namespace switchboard::channels {

std::string sample_email(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_sendgrid(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_mailgun(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_postmark(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_ses(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_phone(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_freeswitch(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_asterisk(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_chat(const gateway_settings& settings, const std::string& id, const std::string& at);
std::string sample_fax(const gateway_settings& settings, const std::string& id, const std::string& at);

/// Parts the form of a sample fax.
inline constexpr auto sample_boundary = "switchboard-test";

} // namespace switchboard::channels
