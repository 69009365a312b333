#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace switchboard {

/// Everything that can be set, with its default. Gateways, queues and people are rows, not configuration.
/// Times are whole seconds, sizes are bytes, unless the name says otherwise.
struct config {
    std::string server_address = "127.0.0.1";
    std::int64_t server_port = 8080;
    std::string server_tls_certificate;
    std::string server_tls_key;
    std::string server_console = "console/dist";
    std::int64_t server_max_connections = 0; // 0 = what fits into the limit on open files, at most 20,000
    std::int64_t server_max_body_mb = 50;
    std::int64_t server_max_buffered_mb = 512;
    std::int64_t server_header_timeout = 15;
    std::int64_t server_body_timeout = 60;
    std::int64_t server_idle_timeout = 75;
    std::int64_t server_hello_timeout = 10;
    std::int64_t server_shutdown_grace = 10;
    std::string server_public_url;                     // https://desk.example; empty = as it is asked for
    std::string server_trusted_proxies;                // addresses and networks; empty = none
    std::string server_ops_address = "127.0.0.1:9464"; // host:port; empty = nowhere

    std::int64_t strangers_sockets_percent = 50;
    std::int64_t strangers_sockets_per_address = 256;
    std::int64_t strangers_bodies_percent = 25;
    std::int64_t strangers_bodies_per_address_mb = 64;
    std::int64_t strangers_chat_sockets_percent = 25;
    std::int64_t strangers_chat_sockets_per_address = 100;
    std::int64_t strangers_chat_sockets_per_session = 8;
    std::int64_t strangers_chat_handshakes = 6000; // a minute, like the next three
    std::int64_t strangers_chat_handshakes_per_address = 120;
    std::int64_t strangers_chat_sessions = 600;
    std::int64_t strangers_chat_sessions_per_address = 20;
    std::int64_t strangers_chat_frames = 20'000; // in ten seconds, like the rest
    std::int64_t strangers_chat_frames_per_address = 600;
    std::int64_t strangers_chat_messages = 2000;
    std::int64_t strangers_chat_messages_per_address = 60;
    std::int64_t strangers_chat_messages_per_session = 10;
    std::int64_t strangers_chat_files_mb = 2048; // an hour
    std::int64_t strangers_chat_files_per_address_mb = 100;

    std::string database_url; // empty = the private cluster in database_folder
    std::string database_folder = "var/postgres";
    std::int64_t database_reserve_mb = 256;
    std::int64_t database_connections = 10;
    std::int64_t database_max_pending = 20'000;
    std::int64_t database_statement_timeout = 30;

    std::string secret_key; // newest first; empty = of the file beside the private cluster

    std::int64_t offload_threads = 2;
    std::int64_t offload_max_pending = 1000;

    std::int64_t intake_group_size = 100;

    std::int64_t routing_lease = 3;
    std::string routing_time_zone = "UTC";
    std::int64_t routing_min_handle = 60;
    std::int64_t routing_min_licence_validity = 0;
    std::int64_t routing_absent_s = 15;

    std::int64_t session_hours = 12;
    std::int64_t session_days = 7;

    std::int64_t sign_in_threads = 1;
    std::int64_t sign_in_max_pending = 64;
    std::int64_t sign_in_wrong_by_address = 20;
    std::int64_t sign_in_wrong_by_account = 10;
    std::int64_t sign_in_wrong_in_total = 300;
    std::int64_t sign_in_known_days = 90;

    std::int64_t chat_session_hours = 72;
    std::int64_t chat_away_s = 10;

    std::int64_t security_days = 400;
    std::int64_t security_rows_a_minute = 120;

    std::string smtp_url; // smtp://host:25, smtps://host:465; empty = replies by e-mail wait in the outbox
    std::string smtp_user;
    std::string smtp_password;
    std::int64_t smtp_timeout = 30;

    std::string mail_lmtp_listen; // host:port or the path of a unix socket; empty = off
    std::string mail_smtp_listen; // host:port or the path of a unix socket; empty = off
    std::string mail_hostname;    // empty = this machine's name
    std::int64_t mail_max_message_mb = 50;
    std::int64_t mail_max_buffered_mb = 256;
    std::int64_t mail_max_recipients = 1000;
    std::int64_t mail_max_connections = 200, mail_smtp_connections_per_address = 50;
    std::int64_t mail_command_timeout = 300;
    std::int64_t mail_data_timeout = 600;

    std::string pictures_private_addresses = "refuse"; // refuse, allow

    std::string aws_access_key_id; // empty = mails that lie in S3 are not fetched
    std::string aws_secret_access_key;
    std::string aws_region;   // of the buckets; empty = where the topic is
    std::string aws_endpoint; // of S3; empty = Amazon's
    std::string aws_ca;
    std::string aws_proxy;

    std::string log_level = "info";
};

/// One row of the table that config is read by, printed from and documented with.
struct setting {
    std::string_view key; // section.name, as in the TOML file; SWITCHBOARD_SECTION_NAME in the environment
    std::variant<std::string config::*, std::int64_t config::*> member;
    std::string_view about;
    std::int64_t least = 0, most = 0;        // of a number
    bool secret = false;                     // never printed; <VARIABLE>_FILE names a file that holds it
    std::vector<std::string_view> choices{}; // of a text; empty = anything
};

std::span<const setting> settings();

/// SWITCHBOARD_<SECTION>_<NAME>
std::string environment_name(const setting& s);

using environment = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> process_environment(const std::string& name);

/// Defaults, then the file (none = defaults only), then the environment. On failure every error at once, each naming
/// the key or variable that is wrong.
std::expected<config, std::vector<std::string>> load_config(const std::optional<std::filesystem::path>& file,
                                                            const environment& env = process_environment);

/// The configuration as TOML with explanations, secrets masked.
std::string to_toml(const config& c);

} // namespace switchboard
