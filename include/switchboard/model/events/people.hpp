#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What happens to people and to the configuration (model/events.hpp).
namespace switchboard::events {

/// It has the reason why somebody is away.
struct presence_changed {
    static constexpr std::string_view type = "presence.changed";
    static constexpr audience to{permission::team_watch};

    switchboard::presence presence;
};
DESCRIBE(presence_changed, (presence, "What the agent accepts from now on."))

/// Told to who may see the customer: by all the customer's tickets, or because he made the customer.
struct customer_changed {
    static constexpr std::string_view type = "customer.changed";
    static constexpr audience to{permission::customer_read};

    std::int64_t customer_id = 0, version = 0;
    std::vector<std::string> fields;
};
DESCRIBE(customer_changed, (customer_id, "The customer."), (version, "The customer's version now."),
         (fields, "The names of what has changed."))

/// Told to who works on an open ticket of the customer.
struct object_changed {
    static constexpr std::string_view type = "object.changed";
    static constexpr audience to{permission::ticket_read};

    std::int64_t ticket_id = 0, customer_id = 0, object_id = 0;
    std::string kind;
};
DESCRIBE(object_changed, (ticket_id, "The customer's open ticket."), (customer_id, "Whose it is."),
         (object_id, "The object."), (kind, "What it is, by the name of its kind."))

struct config_changed {
    static constexpr std::string_view type = "config.changed";
    static constexpr audience to = audience::everybody;

    std::string kind;
    std::optional<std::int64_t> id{};
};
DESCRIBE(config_changed, (kind, "What kind of thing was changed."), (id, "Which; empty: any of them."))

} // namespace switchboard::events
