#include "store/reply_target.hpp"

#include <switchboard/util/json.hpp>

#include "store/sql.hpp"

#include <switchboard/model/reply_recipients.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::store {

using nlohmann::json;

namespace {

constexpr std::int64_t most_contacts = 200; // the newest of a ticket: who wrote before them is a newcomer again

std::vector<party> parties(const json& from, const char* key) {
    std::vector<party> out;
    const auto list = from.find(key);
    if (list == from.end() || !list->is_array()) return out;
    for (const auto& p : *list) out.push_back({p.value("kind", ""), p.value("value", ""), p.value("name", "")});
    return out;
}

std::vector<std::string> texts(const json& from, const char* key) {
    std::vector<std::string> out;
    const auto list = from.find(key);
    if (list == from.end() || !list->is_array()) return out;
    for (const auto& text : *list)
        if (text.is_string()) out.push_back(text.get<std::string>());
    return out;
}

constexpr statement contacts_of_ticket{"contacts_of_ticket", R"(
    SELECT c.id, c.direction,
           c.flags && '{machine,auto_reply,bounce}' AND c.details->'by_list' IS NULL AS machine, c.from_kind,
           c.from_value, c.from_name, c.recipients,
           json_build_object('senders', c.details->'senders', 'lists', c.details->'lists') AS more
    FROM contact c
    WHERE c.ticket_id = $1 AND c.outcome <> 'repeat' AND c.delivery IS DISTINCT FROM 'cancelled'
    ORDER BY c.id DESC LIMIT $2)"};

constexpr statement answered_contact{"answered_contact", R"(
    SELECT c.channel, g.kind AS gateway_kind, c.gateway_id, g.from_name, g.from_address, c.from_kind,
           c.from_value, c.from_name AS writer, c.subject, c.message_id, c.details->'references' AS refs,
           coalesce(c.details->>'thread_topic', '') AS topic, coalesce(c.details->>'thread_index', '') AS index,
           c.thread_key
    FROM contact c
    JOIN gateway g ON g.id = c.gateway_id
    WHERE c.id = $1)"};

constexpr statement gateways_of_house{"gateways_of_house", R"(
    SELECT from_address,
           json_build_array(settings->'own_addresses', settings->'groups', settings->'forms') AS lists
    FROM gateway
    WHERE kind <> 'widget')"};

struct conversation {
    std::vector<std::int64_t> ids;
    std::vector<said> contacts; // as they came
};

conversation read_conversation(pqxx::transaction_base& tx, std::int64_t ticket) {
    conversation out;
    const auto rows = query(tx, contacts_of_ticket, ticket, most_contacts);
    for (auto i = rows.size(); i-- > 0;) {
        const auto r = rows[i];
        const auto recipients = own_json(get<std::string>(r["recipients"])),
                   more = own_json(get<std::string>(r["more"]));
        out.ids.push_back(get<std::int64_t>(r["id"]));
        out.contacts.push_back({.inbound = get<std::string>(r["direction"]) == "in",
                                .machine = get<bool>(r["machine"]),
                                .from = {get<std::string>(r["from_kind"]), get<std::string>(r["from_value"]),
                                         get<std::string>(r["from_name"])},
                                .more_senders = parties(more, "senders"),
                                .to = parties(recipients, "to"),
                                .cc = parties(recipients, "cc"),
                                .reply_to = parties(recipients, "reply_to"),
                                .lists = texts(more, "lists")});
    }
    return out;
}

house_addresses read_house(pqxx::transaction_base& tx) {
    house_addresses out;
    for (const auto& r : query(tx, gateways_of_house)) {
        out.insert(lower_ascii(get<std::string>(r["from_address"])));
        for (const auto& list : own_json(get<std::string>(r["lists"])))
            if (list.is_array())
                for (const auto& address : list)
                    if (address.is_string()) out.insert(lower_ascii(trim(address.get_ref<const std::string&>())));
    }
    out.erase("");
    return out;
}

house_addresses read_colleagues(pqxx::transaction_base& tx) {
    house_addresses out;
    for (const auto& r : query(tx, "SELECT lower(email) AS email FROM users WHERE active AND email <> ''"))
        out.insert(get<std::string>(r["email"]));
    return out;
}

/// Which contact an answer answers: the last that a person has written, or the last at all.
std::optional<std::size_t> last_heard(const std::vector<said>& contacts) {
    std::optional<std::size_t> any;
    for (std::size_t i = contacts.size(); i-- > 0;) {
        if (!contacts[i].inbound) continue;
        if (!contacts[i].machine) return i;
        if (!any) any = i;
    }
    return any;
}

} // namespace

std::string sender_name(pqxx::transaction_base& tx, std::int64_t ticket, std::string of_mailbox) {
    const auto rows =
        query(tx, "SELECT q.sender_name FROM ticket t JOIN queue q ON q.id = t.queue_id WHERE t.id = $1", ticket);
    auto of_queue = rows.empty() ? std::string{} : get<std::string>(rows[0]["sender_name"]);
    return of_queue.empty() ? of_mailbox : of_queue;
}

answer_target find_answer_target(pqxx::transaction_base& tx, std::int64_t ticket) {
    answer_target t;
    const auto heard = read_conversation(tx, ticket);
    const auto last = last_heard(heard.contacts);
    if (!last) return t;
    const auto r = query(tx, answered_contact, heard.ids[*last])[0];
    t.gateway_id = get<std::int64_t>(r["gateway_id"]);
    t.mail.subject = get<std::string>(r["subject"]);
    t.thread_key = get<std::string>(r["thread_key"]);
    const auto channel = get<std::string>(r["channel"]);
    const auto& writer = heard.contacts[*last].from;
    if (channel == "chat") {
        if (get<std::string>(r["gateway_kind"]) == "widget") t.kind = "chat";
        t.to = {writer};
        return t;
    }
    t.from.name = get<std::string>(r["from_name"]);
    t.from.address = get<std::string>(r["from_address"]);
    if (channel != "email" || t.from.address.empty()) {
        if (!writer.value.empty()) t.to = {writer};
        return t;
    }
    auto answer = recipients_of_reply(heard.contacts, read_house(tx), read_colleagues(tx));
    t.kind = "email";
    t.from.name = sender_name(tx, ticket, std::move(t.from.name));
    t.to = std::move(answer.to);
    t.others = std::move(answer.others);
    t.reply_to = std::move(answer.reply_to);
    t.newcomers = std::move(answer.newcomers);
    t.mail.message_id = get<std::optional<std::string>>(r["message_id"]).value_or("");
    t.mail.thread_topic = get<std::string>(r["topic"]);
    t.mail.thread_index = get<std::string>(r["index"]);
    if (!r["refs"].is_null()) {
        const auto refs = own_json(get<std::string>(r["refs"]));
        if (refs.is_array())
            for (const auto& id : refs)
                if (id.is_string()) t.mail.references.push_back(id.get<std::string>());
    }
    return t;
}

} // namespace switchboard::store
