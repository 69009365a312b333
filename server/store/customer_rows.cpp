#include "store/customer_rows.hpp"

#include "store/sql.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::store {

const std::string customer_select = R"(
    SELECT c.id, c.name, c.organization_id, o.name AS organization_name, c.language, c.timezone, c.jurisdiction, c.notes,
        c.version, c.created_at,
        (SELECT coalesce(json_agg(json_build_object('kind', kind, 'value', value, 'verification', verification,
            'confirmed_how', confirmed_how, 'bounced_at', to_char(bounced_at AT TIME ZONE 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'reason', bounce_reason) ORDER BY kind, value), '[]')
         FROM customer_identity i WHERE i.customer_id = c.id) AS identities
    FROM customer c LEFT JOIN organization o ON o.id = c.organization_id )";

// For each customer anew: EXISTS could become a table of all tickets.
const std::string customer_is_visible = fmt::format(R"(
    ($1 = 'all' OR ($1 <> 'none' AND c.created_by = $2) OR
     (SELECT true FROM ticket t WHERE t.customer_id = c.id AND {} LIMIT 1)))",
                                                    ticket_is_visible);

const viewer everything{.granted = grants::everything()};

customer customer_of(const pqxx::row& r) {
    customer c;
    c.id = get<std::int64_t>(r["id"]);
    c.name = get<std::string>(r["name"]);
    if (!r["organization_id"].is_null())
        c.organization = named{get<std::int64_t>(r["organization_id"]), get<std::string>(r["organization_name"])};
    c.language = get<std::string>(r["language"]);
    c.timezone = get<std::string>(r["timezone"]);
    c.jurisdiction = get<std::string>(r["jurisdiction"]);
    c.notes = get<std::string>(r["notes"]);
    c.version = get<std::int64_t>(r["version"]);
    c.created_at = get<timestamp>(r["created_at"]);
    for (const auto& i : own_json(get<std::string>(r["identities"]))) {
        auto& one = c.identities.emplace_back(i["kind"], i["value"], i["verification"], i["confirmed_how"]);
        one.bounce_reason = i["reason"];
        if (const auto& bounced = i["bounced_at"]; bounced.is_string())
            one.bounced_at = parse_rfc3339(bounced.get<std::string>());
    }
    return c;
}

std::optional<customer> read_customer(pqxx::transaction_base& tx, std::int64_t id, const viewer& who,
                                      permission needed) {
    static const auto one =
        fmt::format("{} WHERE c.id = current_customer($3) AND {}", customer_select, customer_is_visible);
    const auto rows = query(tx, one, sight_of(who, needed), who.user_id, id);
    if (rows.empty()) return std::nullopt;
    return customer_of(rows.front());
}

std::expected<customer, refusal> customer_to_change(pqxx::transaction_base& tx, std::int64_t id, const viewer& who) {
    auto one = read_customer(tx, id, who);
    if (!one) return std::unexpected{refusal::missing()};
    if (!read_customer(tx, id, who, permission::customer_edit))
        return std::unexpected{refusal::forbidden("your roles do not let you change this customer")};
    return std::move(*one);
}

std::optional<refusal> no_such_organization(pqxx::transaction_base& tx, std::optional<std::int64_t> organization) {
    if (!organization || !query(tx, "SELECT FROM organization WHERE id = $1 FOR KEY SHARE", *organization).empty())
        return std::nullopt;
    return refusal::invalid("organization_id", "names no organization");
}

void tell_customer_changed(pqxx::transaction_base& tx, std::int64_t customer, std::int64_t version,
                           std::vector<std::string> fields, std::optional<std::int64_t> by) {
    static constexpr statement find_audience{"who_sees_customer", R"(
        WITH now_is AS (SELECT id, created_by FROM customer WHERE id = current_customer($1)),
             theirs AS (SELECT t.id, t.queue_id, t.owner_id FROM now_is JOIN ticket t ON t.customer_id = now_is.id)
        SELECT ARRAY(SELECT DISTINCT queue_id FROM theirs ORDER BY 1) AS queues,
               ARRAY(SELECT created_by FROM now_is WHERE created_by IS NOT NULL UNION
                     SELECT owner_id FROM theirs WHERE owner_id IS NOT NULL UNION
                     SELECT o.agent_id FROM theirs JOIN offer o ON o.ticket_id = theirs.id AND o.state = 'offered'
                     ORDER BY 1) AS agents)"};
    const auto whom = query(tx, find_audience, customer).front();
    append_event(tx, events::customer_changed{customer, version, std::move(fields)},
                 {.actor = by,
                  .queues = get<std::vector<std::int64_t>>(whom["queues"]),
                  .agents = get<std::vector<std::int64_t>>(whom["agents"])});
}

} // namespace switchboard::store
