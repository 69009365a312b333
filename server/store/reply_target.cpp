#include "store/reply_target.hpp"

#include <switchboard/util/json.hpp>

#include "store/sql.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {

using nlohmann::json;

namespace {

std::vector<party> parties(const json& list) {
    std::vector<party> out;
    for (const auto& p : list) out.push_back({p.value("kind", ""), p.value("value", ""), p.value("name", "")});
    return out;
}

constexpr statement last_inbound{
    "last_inbound_contact",
    "SELECT c.channel, g.kind, c.gateway_id, g.from_name, g.from_address, c.from_kind, c.from_value, c.from_name, "
    "c.recipients, c.subject, c.message_id, c.details, c.thread_key, c.flags @> '{machine}' FROM contact c "
    "JOIN gateway g ON g.id = c.gateway_id WHERE c.ticket_id = $1 AND c.direction = 'in' ORDER BY c.id DESC LIMIT 1"};

} // namespace

answer_target find_answer_target(pqxx::transaction_base& tx, std::int64_t ticket) {
    answer_target t;
    const auto rows = query(tx, last_inbound, ticket);
    if (rows.empty()) return t;
    const auto r = rows[0];
    t.gateway_id = get<std::int64_t>(r[2]);
    t.subject = get<std::string>(r[9]);
    t.thread_key = get<std::string>(r[12]);
    const auto channel = get<std::string>(r[0]);
    const party writer{get<std::string>(r[5]), get<std::string>(r[6]), get<std::string>(r[7])};
    if (channel == "chat") {
        if (get<std::string>(r[1]) == "widget") t.kind = "chat";
        t.to = {writer};
        return t;
    }
    t.from.name = get<std::string>(r[3]);
    t.from.address = get<std::string>(r[4]);
    if (channel != "email" || t.from.address.empty()) {
        if (!writer.value.empty()) t.to = {writer};
        return t;
    }
    // Who wrote gets the answer, at the address that they ask for. Nobody else is added: the agent does that, named.
    const auto recipients = own_json(get<std::string>(r[8]));
    if (recipients.contains("reply_to")) t.to = parties(recipients.at("reply_to"));
    if (t.to.empty() && writer.kind == "email") t.to = {writer};
    if (!t.to.empty()) t.kind = "email";
    t.message_id = get<std::optional<std::string>>(r[10]).value_or("");
    const auto details = own_json(get<std::string>(r[11]));
    if (details.contains("references") && details.at("references").is_array())
        for (const auto& id : details.at("references"))
            if (id.is_string()) t.references.push_back(id.get<std::string>());
    return t;
}

} // namespace switchboard::store
