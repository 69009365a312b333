#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/time.hpp>
#include <switchboard/model/viewer.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What people ask for.
namespace switchboard::desk {

struct ticket_edit {
    std::optional<std::string> subject{}, language{};
    std::optional<std::int64_t> priority{}, tier{}, difficulty{};
    std::optional<std::int64_t> expected_version{}; // If-Match
};

/// Words of ours on their way to a customer (or, on phone and fax, a record of what was said).
struct reply_draft {
    std::string text, html{};
    std::vector<party> to{}, cc{}; // e-mail only
    std::vector<attachment> attachments{};
    std::optional<std::string> solve{};      // disposition: solve with the same commit
    bool by_mail = false;                    // to a chat's visitor, at the address that he left
    std::int64_t undo_s = 0;                 // how long the reply can be taken back; e-mail only
    std::vector<std::int64_t> draft_files{}; // of the author's draft, which go along
    /// Of the author's draft that this is: it ends with the sending. Refused as stale where it is another by now, and
    /// nothing is sent.
    std::optional<std::int64_t> draft_version{};
};

/// What a chat's visitor says of himself: in his words, and as customers' identities are kept.
struct visitor_claim {
    std::string said;
    party identity; // email or tel
};

struct presence_wish {
    presence_state state = presence_state::ready;
    std::optional<std::vector<std::string>> channels{}; // empty: as they are, or all of the profile's
    std::string reason{};
    bool after_current = false;
};

/// A callback that is asked for. Without a number it is the one that the ticket's customer called from.
struct callback_wish {
    std::optional<std::string> phone{}; // E.164
    std::optional<timestamp> not_before{}, not_after{};
    std::string mode = "agent_first";
    std::int64_t attempts = 3, retry_s = 900;
    std::string note{};
};

/// A promise to come back.
struct follow_up_wish {
    timestamp due_at{};
    std::int64_t remind_s = 900;
    std::string channel, reason, said_to{};
    std::optional<std::string> time_zone{}; // empty = its customer's, if that is known
    std::string repeats = "never";
    std::optional<std::int64_t> repeat_days{};
};

/// How one that is kept was kept.
struct follow_up_end {
    std::string note{};
    std::optional<std::int64_t> contact_id{}; // of the ticket, sent since it was promised
};

/// What is to be done to what a customer has.
struct action_wish {
    std::int64_t kind = 0;
    std::optional<std::int64_t> object{};
    std::string form = "{}"; // JSON object
    std::string words{};
};

/// Who asks: a person, or a machine that speaks for the customer and may be bound to gateways.
struct callback_asker {
    viewer who;
    bool machine = false;
    std::optional<std::vector<std::int64_t>> gateway_ids; // of a machine; empty = every gateway
    std::optional<std::int64_t> expected_version;         // of the ticket (If-Match)

    std::optional<std::int64_t> actor() const { return machine ? std::nullopt : std::optional{who.user_id}; }
    bool may_speak_for(std::optional<std::int64_t> gateway) const {
        return !gateway_ids || (gateway && std::ranges::find(*gateway_ids, *gateway) != gateway_ids->end());
    }
};

} // namespace switchboard::desk
