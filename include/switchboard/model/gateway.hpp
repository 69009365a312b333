#pragma once

#include <switchboard/model/noun.hpp>

#include <map>
#include <string>

namespace switchboard {

/// A configured source and sink of contacts. What gateways of its kind are told is the channels' to judge
/// (model/gateway_settings.hpp); the secrets among it are kept apart (model/gateway_secrets.hpp).
struct gateway {
    read_only<row_id> id;
    text<1, 63> name;
    fixed<text<1, 40>> kind;
    reference<"queue"> queue_id;
    json_object<65'536> settings;
    line<0, 200> from_name;
    text<0, 320> from_address;
    bool enabled = true;
    read_only<row_id> version;
    read_only<timestamp> created_at;
};
DESCRIBE(
    gateway, (id, "Its number."), (name, "Its name, which stands in the path of what it hands in."),
    (kind, "What sort of gateway it is: a name from GET /api/v1/gateway_kinds."),
    (queue_id, "Where its tickets wait, if no rule says otherwise."),
    (settings,
     "What gateways of its kind are told. A change takes the place of all of it: what is not named goes, but of what "
     "is named the secrets that are not named stay."),
    (from_name, "The sender's name in what goes out by it."),
    (from_address, "The sender's address in what goes out by it."), (enabled, "Whether it takes contacts."),
    (version, "Grows with each change; If-Match compares it."), (created_at, "When it was added."))

/// How a gateway that fetches is doing.
struct gateway_health {
    std::optional<timestamp> last_success_at;
    std::optional<timestamp> last_error_at;
    text<0, 2000> last_error;
};
DESCRIBE(gateway_health, (last_success_at, "When it last fetched without trouble."),
         (last_error_at, "When fetching last failed."), (last_error, "Why it failed; empty since it went well."))

/// The last input of a gateway that could not be read.
struct gateway_trouble {
    row_id contact_id;
    timestamp at{};
    text<0, 2000> reason;
};
DESCRIBE(gateway_trouble, (contact_id, "The contact, which is in quarantine."), (at, "When it came."),
         (reason, "Why it could not be understood."))

/// A gateway as it is shown.
struct gateway_record : gateway {
    read_only<std::optional<gateway_health>> health;
    read_only<std::optional<timestamp>> last_contact_at;
    read_only<std::optional<gateway_trouble>> last_trouble;
};
DESCRIBE_DERIVED(gateway_record, gateway, (health, "How fetching goes, of one that fetches, once it has tried."),
                 (last_contact_at, "When the last contact came by it."),
                 (last_trouble, "The last of its contacts that could not be understood."))

/// A gateway as the database has it.
struct stored_gateway : gateway_record {
    std::map<std::string, timestamp> secrets; // those that are set, by path in `settings`, and since when
};

} // namespace switchboard
