#pragma once

#include <switchboard/util/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The commands that work on the database, beside a running server or without one. Each gives back the exit status.
namespace switchboard::app {

int migrate_command(const config& c);

struct new_token {
    std::string name;
    std::vector<std::string> scopes{"intake"};
    std::vector<std::string> gateways; // names; none = every gateway
    std::int64_t days = 0;             // after which it expires; 0 = never
};
int token_create_command(const config& c, const new_token& wanted); // prints the token
int token_list_command(const config& c);
int token_revoke_command(const config& c, std::int64_t id);

struct new_user {
    std::string login, name, role = "agent", email;
    std::string password_file; // - = standard input; empty = a password is made and printed
};
int user_add_command(const config& c, const new_user& wanted);
int user_password_command(const config& c, const std::string& login, const std::string& password_file);

} // namespace switchboard::app
