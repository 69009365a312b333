#pragma once

#include <switchboard/desk/actions.hpp>
#include <switchboard/desk/by_itself.hpp>
#include <switchboard/desk/callbacks.hpp>
#include <switchboard/desk/desk.hpp>
#include <switchboard/desk/follow_ups.hpp>
#include <switchboard/engine/from_rows.hpp>
#include <switchboard/store/actions.hpp>
#include <switchboard/store/agents.hpp>
#include <switchboard/store/audit.hpp>
#include <switchboard/store/calendars.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/store/contacts.hpp>
#include <switchboard/store/customer_moves.hpp>
#include <switchboard/store/customers.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/dial_orders.hpp>
#include <switchboard/store/drafts.hpp>
#include <switchboard/store/event_log.hpp>
#include <switchboard/store/follow_ups.hpp>
#include <switchboard/store/gateways.hpp>
#include <switchboard/store/idempotency.hpp>
#include <switchboard/store/mailbox_states.hpp>
#include <switchboard/store/objects.hpp>
#include <switchboard/store/outbox.hpp>
#include <switchboard/store/queues.hpp>
#include <switchboard/store/routing.hpp>
#include <switchboard/store/secrets.hpp>
#include <switchboard/store/sessions.hpp>
#include <switchboard/store/sla_clocks.hpp>
#include <switchboard/store/tickets.hpp>
#include <switchboard/store/tokens.hpp>
#include <switchboard/store/users.hpp>
#include <switchboard/util/config.hpp>
#include <switchboard/util/secret_box.hpp>

namespace switchboard::app {

/// What the rooms read and write in the database, by noun.
struct rows {
    store::database& db;
    const config& settings;
    const secret_box& box;

    store::secrets secrets{db, box};
    store::users users{db};
    store::configuration configuration{db, {store::judged_by<queue>(switchboard::routing::judge)}};
    store::queue_members queue_members{db};
    store::calendar_agents calendar_agents{db};
    store::sla_clocks sla_clocks{db};
    store::agents agents{db};
    store::gateways gateways{db, box};
    store::tokens tokens{db};
    store::customers customers{db};
    store::customer_moves customer_moves{db};
    store::objects objects{db};
    store::sessions sessions{db};
    store::audit audit{db};
    store::idempotency idempotency{db};
    store::tickets tickets{db};
    switchboard::desk::desk desk{db, settings.routing_min_licence_validity};
    switchboard::desk::callbacks callbacks{db};
    switchboard::desk::follow_ups follow_ups{db};
    store::follow_ups follow_up_lists{db};
    switchboard::desk::actions actions{db};
    store::actions action_lists{db};
    store::drafts drafts{db};
    store::contacts contacts{db};
    store::chat chat{db, switchboard::desk::rules_of_customers()};
    store::event_log events{db};
    store::routing routing{db};
    store::outbox outbox{db, box};
    store::dial_orders dial_orders{db, box};
    store::mailbox_states mailbox_states{db};
};

} // namespace switchboard::app
