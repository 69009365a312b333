#include "api/tables.hpp"

namespace switchboard::api {

void add_all_routes(routes& table, const services& s, const router_options& o) {
    add_description_route(table);
    add_system_route(table, s);
    add_session_routes(table, s, o);
    add_own_session_routes(table, s);
    add_security_routes(table, s);
    add_intake_routes(table, s, o);
    add_contact_routes(table, s);
    add_quarantine_routes(table, s);
    add_ticket_routes(table, s);
    add_reply_routes(table, s);
    add_draft_routes(table, s);
    add_callback_routes(table, s);
    add_chat_routes(table, s);
    add_offer_routes(table, s);
    add_routing_routes(table, s);
    add_simulation_routes(table, s);
    add_user_routes(table, s);
    add_all_noun_routes(table, s);
    add_queue_routes(table, s);
    add_calendar_routes(table, s);
    add_sla_routes(table, s);
    add_agent_routes(table, s);
    add_gateway_routes(table, s);
    add_token_routes(table, s);
    add_customer_routes(table, s);
}

} // namespace switchboard::api
