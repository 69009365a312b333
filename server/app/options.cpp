#include "app/options.hpp"

#include "app/open_files.hpp"
#include "app/stranger_budgets.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <algorithm>

namespace switchboard::app {

store::database_options database_options_of(const config& c) {
    store::database_options o;
    o.connections = static_cast<std::size_t>(c.database_connections);
    o.max_waiting = static_cast<std::size_t>(c.database_max_pending);
    o.statement_timeout = std::chrono::seconds{c.database_statement_timeout};
    return o;
}

secret_box secret_box_of(const config& c) {
    return secret_box::with_keys(c.secret_key).value(); // load_config has read them before
}

intake::intake_options intake_options_of(const config& c) {
    intake::intake_options o;
    o.group_contacts = static_cast<std::size_t>(c.intake_group_size);
    return o;
}

routing::dispatcher_options routing_options_of(const config& c) {
    routing::dispatcher_options o;
    o.holder = random_hex(8);
    o.lease_s = static_cast<double>(c.routing_lease);
    o.engine.min_handle = std::chrono::seconds{c.routing_min_handle};
    o.engine.min_licence_validity = std::chrono::seconds{c.routing_min_licence_validity};
    if (is_timezone(c.routing_time_zone))
        o.time_zone = c.routing_time_zone;
    else
        log::warn("no_such_time_zone", {{"key", "routing.time_zone"}, {"value", c.routing_time_zone}});
    return o;
}

api::router_options router_options_of(const config& c) {
    api::router_options o;
    o.intake_bytes = static_cast<std::size_t>(c.server_max_body_mb) << 20;
    o.session = {std::chrono::hours{c.session_hours}, std::chrono::days{c.session_days}};
    o.public_url = c.server_public_url;
    o.sign_in.wrong_by_address = c.sign_in_wrong_by_address;
    o.sign_in.wrong_by_account = c.sign_in_wrong_by_account;
    o.sign_in.wrong_in_total = c.sign_in_wrong_in_total;
    o.sign_in.at_once = static_cast<std::size_t>(std::max<std::int64_t>(1, c.sign_in_max_pending / 2));
    o.sign_in.at_once_by_address = std::max<std::size_t>(1, o.sign_in.at_once / 2);
    o.sign_in.place_remembered = std::chrono::days{c.sign_in_known_days};
    return o;
}

api::security_log_options security_log_options_of(const config& c) {
    return {std::chrono::days{c.security_days}, static_cast<std::size_t>(c.security_rows_a_minute)};
}

imap::fetcher_options fetching_options() {
    imap::fetcher_options o;
    o.node = random_hex(8);
    return o;
}

outside::smtp_settings smtp_of(const config& c) {
    return {c.smtp_url, c.smtp_user, c.smtp_password, std::chrono::seconds{c.smtp_timeout}};
}

web::server_options web_options_of(const config& c) {
    web::server_options o;
    o.address = c.server_address;
    o.port = static_cast<std::uint16_t>(c.server_port);
    o.tls_certificate = c.server_tls_certificate;
    o.tls_key = c.server_tls_key;
    o.max_connections = sockets_within(c, open_files());
    o.strangers = stranger_limits_of(c, o.max_connections);
    o.trusted_proxies = networks::parse(c.server_trusted_proxies).value_or(networks{}); // checked when it was read
    o.public_is_https = c.server_public_url.starts_with("https://");
    o.header_timeout = std::chrono::seconds{c.server_header_timeout};
    o.body_timeout = std::chrono::seconds{c.server_body_timeout};
    o.idle_timeout = std::chrono::seconds{c.server_idle_timeout};
    o.buffered_bytes = static_cast<std::size_t>(c.server_max_buffered_mb) << 20;
    return o;
}

outside::picture_options picture_options_of(const config& c) {
    outside::picture_options o;
    o.private_addresses = c.pictures_private_addresses == "allow";
    return o;
}

outside::amazon_options amazon_options_of(const config& c) {
    return {.access_key_id = c.aws_access_key_id,
            .secret_access_key = c.aws_secret_access_key,
            .region = c.aws_region,
            .endpoint = c.aws_endpoint,
            .ca = c.aws_ca,
            .proxy = c.aws_proxy,
            .most_bytes = static_cast<std::size_t>(c.server_max_body_mb) << 20};
}

} // namespace switchboard::app
