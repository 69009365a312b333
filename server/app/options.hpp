#pragma once

#include <switchboard/api/router.hpp>
#include <switchboard/api/security_log.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/mailbox/fetcher.hpp>
#include <switchboard/outside/amazon.hpp>
#include <switchboard/outside/picture_fetcher.hpp>
#include <switchboard/outside/smtp.hpp>
#include <switchboard/routing/dispatcher.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/config.hpp>
#include <switchboard/util/secret_box.hpp>
#include <switchboard/web/server.hpp>

/// What of the configuration each room is told.
namespace switchboard::app {

store::database_options database_options_of(const config& c);
secret_box secret_box_of(const config& c);
intake::intake_options intake_options_of(const config& c);
routing::dispatcher_options routing_options_of(const config& c);
api::router_options router_options_of(const config& c);
api::security_log_options security_log_options_of(const config& c);
imap::fetcher_options fetching_options();
outside::smtp_settings smtp_of(const config& c);
web::server_options web_options_of(const config& c);
outside::picture_options picture_options_of(const config& c);
outside::amazon_options amazon_options_of(const config& c);

} // namespace switchboard::app
