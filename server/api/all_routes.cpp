#include "api/all_routes.hpp"

namespace switchboard::api {

void add_all_routes(route_table& table, const router_options& o) {
    add_description_route(table);
    add_system_route(table);
    add_session_routes(table, o);
    add_own_session_routes(table);
    add_audit_routes(table);
    add_intake_routes(table, o);
    add_contact_routes(table);
    add_quarantine_routes(table);
    add_ticket_routes(table);
    add_reply_routes(table);
    add_draft_routes(table);
    add_callback_routes(table);
    add_follow_up_routes(table);
    add_action_routes(table);
    add_chat_routes(table);
    add_live_route(table, o);
    add_offer_routes(table);
    add_routing_routes(table);
    add_simulation_routes(table);
    add_user_routes(table);
    add_all_noun_routes(table);
    add_queue_routes(table);
    add_calendar_routes(table);
    add_sla_routes(table);
    add_agent_routes(table);
    add_gateway_routes(table);
    add_token_routes(table);
    add_customer_routes(table);
    add_customer_record_routes(table);
    add_object_routes(table);
}

} // namespace switchboard::api
