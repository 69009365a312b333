#pragma once

#include <switchboard/util/config.hpp>

#include <string>

namespace switchboard::app {

// Exit codes: 0, or 1 when something stays to be done.
int secrets_status_command(const config& c);
int secrets_new_key_command(const config& c);
int secrets_rotate_command(const config& c);
int secrets_forget_command(const config& c, const std::string& key);

/// Says, as comments behind the printed configuration, where the key is from, and on the error stream when the secrets
/// in the database need another. A PostgreSQL that does not run is not started for this. False = the key is wrong.
bool check_secret_key(const config& c);

} // namespace switchboard::app
