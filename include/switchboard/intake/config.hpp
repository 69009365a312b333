#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/gateway_settings.hpp>
#include <switchboard/sla/promise.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::store {
struct intake_rows;
}

namespace switchboard::intake {

/// A gateway, read.
struct intake_gateway {
    std::int64_t id = 0;
    std::string name;
    std::string kind;
    gateway_settings settings;
    bool enabled = true;
    std::int64_t queue_id = 0; // where its tickets go when no rule says otherwise
    std::string from_name, from_address;
    gateway_settings reading; // what its inputs are read by: its settings, and of mail what the whole house knows
};

/// A rule, read. An empty list of conditions holds always.
struct classification_rule {
    std::int64_t id = 0;
    std::vector<std::int64_t> gateway_ids;
    std::vector<std::string> channels;
    std::vector<std::string> addresses; // of the sender or a recipient, lower-case; "*@domain" = all of a domain
    std::vector<std::string> words;     // folded (classify.hpp)
    std::vector<std::string> languages; // lower-case; "de" holds for "de-AT" too

    std::optional<std::int64_t> queue_id, priority, tier, difficulty;
    std::vector<skill_need> skills;
    std::vector<licence_need> licences;
    std::string language;
    bool stop = false;
};

/// All that decides where a contact goes: one immutable picture of the configuration.
struct intake_config {
    std::map<std::int64_t, intake_gateway> gateways;
    std::map<std::string, std::int64_t, std::less<>> gateway_names;
    std::map<std::int64_t, queue> queues;
    std::map<std::int64_t, sla::queue_promises> promises; // by queue
    std::vector<classification_rule> rules;
    secret_text instance_secret;
    bool acknowledges = false;                        // some queue answers by itself
    std::size_t mailboxes = 0;                        // gateways whose contacts are mail
    std::set<std::string, std::less<>> own_addresses; // of all gateways, lower-case: never answered by ourselves

    const intake_gateway* find(std::string_view gateway_name) const;
};

/// Whether gateways of this kind take mail in, whatever the way.
bool receives_mail(std::string_view kind);

/// Whether a page of this Origin may open the chat of this gateway: any may, unless `own_addresses` lists those that
/// may.
bool may_embed(const intake_gateway& gateway, std::string_view origin);

/// A row that cannot be read (settings or rules that are not what they should be) is left out and logged.
intake_config make_config(const store::intake_rows& rows);

} // namespace switchboard::intake
