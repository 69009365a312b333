#pragma once

#include "api/routes.hpp"

#include <switchboard/api/router.hpp>

namespace switchboard::api {

// One file a noun in api/routes/. `s` outlives the table.
void add_session_routes(routes& table, const services& s, const router_options& o);
void add_own_session_routes(routes& table, const services& s); // one's own, to see and to end
void add_security_routes(routes& table, const services& s);
void add_user_routes(routes& table, const services& s);
void add_all_noun_routes(routes& table, const services& s);
void add_queue_routes(routes& table, const services& s);
void add_agent_routes(routes& table, const services& s);
void add_gateway_routes(routes& table, const services& s);
void add_token_routes(routes& table, const services& s);
void add_customer_routes(routes& table, const services& s);
void add_intake_routes(routes& table, const services& s, const router_options& o);
void add_contact_routes(routes& table, const services& s);
void add_quarantine_routes(routes& table, const services& s);
void add_ticket_routes(routes& table, const services& s);
void add_reply_routes(routes& table, const services& s);
void add_draft_routes(routes& table, const services& s); // what is written and not sent; how far one has read
void add_chat_routes(routes& table, const services& s);
void add_offer_routes(routes& table, const services& s); // offers, presence, overviews

void add_callback_routes(routes& table, const services& s);

void add_calendar_routes(routes& table, const services& s);
void add_sla_routes(routes& table, const services& s);     // targets, a ticket's ledger
void add_routing_routes(routes& table, const services& s); // why, by hand, what if
void add_simulation_routes(routes& table, const services& s);

void add_description_route(routes& table);
void add_system_route(routes& table, const services& s);

void add_all_routes(routes& table, const services& s, const router_options& o);

} // namespace switchboard::api
