#pragma once

#include "api/route_table.hpp"

#include <switchboard/api/router_options.hpp>
#include <switchboard/api/services.hpp>

namespace switchboard::api {

// One file a noun in api/routes/.
void add_session_routes(route_table& table, const router_options& o);
void add_own_session_routes(route_table& table); // one's own, to see and to end
void add_audit_routes(route_table& table);
void add_user_routes(route_table& table);
void add_all_noun_routes(route_table& table);
void add_queue_routes(route_table& table);
void add_agent_routes(route_table& table);
void add_gateway_routes(route_table& table);
void add_token_routes(route_table& table);
void add_customer_routes(route_table& table);
void add_customer_record_routes(route_table& table);
void add_object_routes(route_table& table);
void add_intake_routes(route_table& table, const router_options& o);
void add_contact_routes(route_table& table);
void add_quarantine_routes(route_table& table);
void add_ticket_routes(route_table& table);
void add_reply_routes(route_table& table);
void add_draft_routes(route_table& table); // what is written and not sent; how far one has read
void add_chat_routes(route_table& table);
void add_live_route(route_table& table, const router_options& o);
void add_offer_routes(route_table& table); // offers, presence, overviews

void add_callback_routes(route_table& table);
void add_follow_up_routes(route_table& table);
void add_action_routes(route_table& table);

void add_calendar_routes(route_table& table);
void add_sla_routes(route_table& table);     // targets, a ticket's ledger
void add_routing_routes(route_table& table); // why, by hand, what if
void add_simulation_routes(route_table& table);

void add_description_route(route_table& table);
void add_system_route(route_table& table);

void add_all_routes(route_table& table, const router_options& o);

} // namespace switchboard::api
