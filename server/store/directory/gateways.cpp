#include <switchboard/store/gateways.hpp>

#include "store/directory/rows.hpp"
#include "store/noun_change.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/secret_rows.hpp"

#include <switchboard/model/gateway_secrets.hpp>
#include <switchboard/util/mail_address.hpp>

#include <fmt/format.h>

namespace switchboard::store {
namespace {

std::optional<refusal> judge_gateway(pqxx::transaction_base& tx, const datum& wanted) {
    const bool takes = value_of<bool>(query(tx, R"(
        SELECT active OR EXISTS (SELECT FROM gateway g WHERE g.id = $2 AND g.queue_id = q.id AND g.enabled) FROM queue q
        WHERE id = $1)",
                                            wanted["queue_id"].number, wanted["id"].number)); // or led there before
    if (!takes && wanted["enabled"].number != 0)
        return refusal::invalid("queue_id", "names a queue that takes no tickets");
    const auto& name = wanted["name"].text;
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != name.npos || name[0] == '-')
        return refusal::invalid("name",
                                "may have lower-case letters, digits and inner hyphens: it stands in addresses");
    const auto& address = wanted["from_address"].text;
    if (!address.empty() && !is_mail_address(address))
        return refusal::invalid("from_address", "must be an e-mail address");
    return std::nullopt;
}

/// With the columns that `stored` reads beside the noun's own; `rest` begins with WHERE.
std::string select_gateways(std::string_view rest) {
    return fmt::format(R"(
        SELECT {}, last_success_at, last_error_at, last_error, secret_names, secret_times, last_contact_at,
               trouble_id, trouble_at, trouble_reason
        FROM gateway
        LEFT JOIN LATERAL (SELECT last_success_at, last_error_at, last_error
                           FROM mailbox_state
                           WHERE gateway_id = gateway.id) AS fetching ON true
        LEFT JOIN LATERAL (SELECT received_at AS last_contact_at
                           FROM contact c
                           WHERE c.gateway_id = gateway.id AND c.direction = 'in'
                           ORDER BY c.id DESC
                           LIMIT 1) AS last_contact ON true
        LEFT JOIN LATERAL (SELECT c.id AS trouble_id, received_at AS trouble_at, quarantine AS trouble_reason
                           FROM contact c
                           WHERE c.gateway_id = gateway.id AND c.outcome = 'quarantined'
                           ORDER BY c.id DESC
                           LIMIT 1) AS trouble ON true
        CROSS JOIN LATERAL (SELECT coalesce(array_agg(s.name ORDER BY s.name), '{{}}') AS secret_names,
                                   coalesce(array_agg(s.changed_at ORDER BY s.name), '{{}}') AS secret_times
                            FROM secret s
                            WHERE s.owner = 'gateway' AND s.owner_id = gateway.id) AS secrets
        {})",
                       table_of<gateway>().columns(), rest);
}

stored_gateway stored(const pqxx::row& r) {
    using when = std::optional<timestamp>;
    stored_gateway g;
    put<gateway>(g, table_of<gateway>().row_of(r));
    const auto success = get<when>(r["last_success_at"]), failure = get<when>(r["last_error_at"]);
    if (success || failure)
        g.health = gateway_health{success, failure, get<std::optional<std::string>>(r["last_error"]).value_or("")};
    const auto names = get<std::vector<std::string>>(r["secret_names"]),
               times = get<std::vector<std::string>>(r["secret_times"]);
    for (std::size_t i = 0; i < names.size(); ++i) g.secrets[names[i]] = time_from(times[i]);
    g.last_contact_at = get<when>(r["last_contact_at"]);
    if (const auto trouble = get<std::optional<std::int64_t>>(r["trouble_id"]))
        g.last_trouble = gateway_trouble{*trouble, get<timestamp>(r["trouble_at"]),
                                         get<std::optional<std::string>>(r["trouble_reason"]).value_or("")};
    return g;
}

template <class Key>
std::optional<stored_gateway> read_gateway(pqxx::transaction_base& tx, std::string_view where, const Key& key) {
    const auto rows = query(tx, select_gateways(where), key);
    if (rows.empty()) return std::nullopt;
    return stored(rows[0]);
}
std::optional<stored_gateway> read_gateway(pqxx::transaction_base& tx, std::int64_t id) {
    return read_gateway(tx, "WHERE gateway.id = $1", id);
}

std::optional<refusal> wrong_settings(const gateway_change& terms, const stored_gateway& before,
                                      const secret_box& box) {
    if (terms.judge)
        if (auto wrong = terms.judge(before)) return refusal::invalid("settings", std::move(*wrong));
    for (const auto& [name, words] : terms.secrets)
        if (!words.empty() && !box.has_key())
            return refusal::invalid(
                "settings",
                name + ": there is no key to keep it with: set SWITCHBOARD_SECRET_KEY on every node, and start again");
    return std::nullopt;
}

std::string in_settings(std::string_view secret) {
    return fmt::format("settings.{}", secret);
}

/// Those that change, as the audit calls them. What is taken away and was not there changes nothing.
std::vector<std::string> secrets_in(const gateway_change& terms, const stored_gateway& before) {
    std::vector<std::string> out;
    for (const auto& [name, words] : terms.secrets)
        if (!words.empty() || before.secrets.contains(name)) out.push_back(in_settings(name));
    return out;
}

/// Rows from before there was a key have them in the open.
std::vector<std::string> secret_paths() {
    std::vector<std::string> out;
    for (const auto name : gateway_secrets) out.push_back(in_settings(name));
    return out;
}

void write_secrets(pqxx::transaction_base& tx, const secret_box& box, std::int64_t id, const gateway_change& terms) {
    for (const auto& [name, words] : terms.secrets) {
        const secret_place at{"gateway", id, name};
        if (words.empty())
            remove_secret(tx, at);
        else
            write_secret(tx, box, at, words);
    }
}

} // namespace

template <>
const noun_table& table_of<gateway>() {
    static const noun_table made{schema_of<gateway>(), {.hidden = secret_paths(), .judge = judge_gateway}};
    return made;
}

boost::asio::awaitable<page<stored_gateway>> gateways::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, select_gateways("WHERE gateway.id > $1 ORDER BY gateway.id LIMIT $2"), part.after,
                                part.limit + 1);
        return page_of<stored_gateway>(rows, part.limit, stored);
    });
}

boost::asio::awaitable<std::optional<stored_gateway>> gateways::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_gateway(tx, id);
    });
}

boost::asio::awaitable<std::optional<stored_gateway>> gateways::by_name(std::string name) {
    return run(db_, [name = std::move(name)](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_gateway(tx, "WHERE gateway.name = $1", name);
    });
}

boost::asio::awaitable<gateways::changed> gateways::create(gateway_change terms, actor by, keep<stored_gateway> kept) {
    return run(db_, [=, box = box_](pqxx::connection& c) {
        return told<stored_gateway>([&]() -> changed {
            once<stored_gateway> work{c, kept};
            auto& tx = work.tx;
            const auto judge = [&](const datum&) { return wrong_settings(terms, {}, box); };
            audit_notes notes{by};
            const auto row = add_noun(tx, table_of<gateway>(), switchboard::get(terms.form.values), notes, judge, {},
                                      secrets_in(terms, {}));
            if (!row) return std::unexpected{row.error()};
            const auto id = (*row)["id"].number;
            write_secrets(tx, box, id, terms);
            auto made = read_gateway(tx, id).value();
            work.commit(made);
            notes.tell();
            return made;
        });
    });
}

boost::asio::awaitable<gateways::changed> gateways::change(std::int64_t id, gateway_change terms,
                                                           std::optional<std::int64_t> if_match, actor by) {
    return run(db_, [=, box = box_](pqxx::connection& c) {
        return told<stored_gateway>([&]() -> changed {
            pqxx::work tx{c};
            query(tx, "SELECT FROM gateway WHERE id = $1 FOR NO KEY UPDATE",
                  id); // first, so that its secrets are of now, too
            if (terms.form.names<&gateway::settings>() && box.has_key()) seal_gateway(tx, box, id);
            const auto before = read_gateway(tx, id);
            const auto judge = [&](const datum&) { return wrong_settings(terms, before.value(), box); };
            audit_notes notes{by};
            const auto done = change_noun(tx, table_of<gateway>(), id, named_values(terms.form), if_match, notes, judge,
                                          {}, before ? secrets_in(terms, *before) : std::vector<std::string>{});
            if (!done) return std::unexpected{done.error()};
            write_secrets(tx, box, id, terms);
            auto after = read_gateway(tx, id).value();
            tx.commit();
            notes.tell();
            return after;
        });
    });
}

} // namespace switchboard::store
