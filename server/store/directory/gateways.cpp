#include <switchboard/store/gateways.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/secret_rows.hpp"

namespace switchboard::store {
namespace {

std::string of_last_trouble(const std::string& column) {
    return ", (SELECT c." + column +
           " FROM contact c WHERE c.gateway_id = gateway.id AND c.outcome = 'quarantined' ORDER BY c.id DESC LIMIT 1)";
}

const std::string gateway_columns =
    "id, name, kind, queue_id, settings, from_name, from_address, enabled, version, created_at, "
    "(SELECT last_success_at FROM mailbox_state m WHERE m.gateway_id = gateway.id), "
    "(SELECT last_error_at FROM mailbox_state m WHERE m.gateway_id = gateway.id), "
    "(SELECT last_error FROM mailbox_state m WHERE m.gateway_id = gateway.id), "
    "array(SELECT s.name FROM secret s WHERE s.owner = 'gateway' AND s.owner_id = gateway.id ORDER BY s.name), "
    "array(SELECT s.changed_at FROM secret s WHERE s.owner = 'gateway' AND s.owner_id = gateway.id ORDER BY s.name), "
    "(SELECT c.received_at FROM contact c WHERE c.gateway_id = gateway.id AND c.direction = 'in' ORDER BY c.id DESC "
    "LIMIT 1)" +
    of_last_trouble("id") + of_last_trouble("received_at") + of_last_trouble("quarantine");

gateway_record gateway_of(const pqxx::row& r) {
    gateway_record g;
    g.id = get<std::int64_t>(r[0]);
    g.name = get<std::string>(r[1]);
    g.kind = get<std::string>(r[2]);
    g.queue_id = get<std::int64_t>(r[3]);
    g.settings = get<std::string>(r[4]);
    g.from_name = get<std::string>(r[5]);
    g.from_address = get<std::string>(r[6]);
    g.enabled = get<bool>(r[7]);
    g.version = get<std::int64_t>(r[8]);
    g.created_at = get<timestamp>(r[9]);
    gateway_health h{get<std::optional<timestamp>>(r[10]), get<std::optional<timestamp>>(r[11]),
                     get<std::optional<std::string>>(r[12]).value_or("")};
    if (h.last_success_at || h.last_error_at) g.health = std::move(h);
    const auto names = parse_text_array(r[13].c_str()), times = parse_text_array(r[14].c_str());
    for (std::size_t i = 0; i < names.size() && i < times.size(); ++i) g.secrets[names[i]] = time_from(times[i]);
    g.last_contact_at = get<std::optional<timestamp>>(r[15]);
    if (!r[16].is_null())
        g.last_trouble = {get<std::int64_t>(r[16]), get<timestamp>(r[17]),
                          get<std::optional<std::string>>(r[18]).value_or("")};
    return g;
}

std::optional<gateway_record> read_gateway(pqxx::transaction_base& tx, std::int64_t id) {
    const auto rows = query(tx, "SELECT " + gateway_columns + " FROM gateway WHERE id = $1", id);
    if (rows.empty()) return std::nullopt;
    return gateway_of(rows[0]);
}

/// What is wrong with the change; empty = nothing.
std::optional<std::string> wrong_settings(const gateway_change& terms, const gateway_record& before,
                                          const secret_box& box) {
    if (terms.judge)
        if (auto wrong = terms.judge(before)) return wrong;
    for (const auto& [name, words] : terms.secrets)
        if (!words.empty() && !box.has_key())
            return name +
                   ": there is no key to keep it with: set SWITCHBOARD_SECRET_KEY on every node, and start again";
    return std::nullopt;
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

boost::asio::awaitable<page<gateway_record>> gateways::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows =
            query(tx, "SELECT " + gateway_columns + " FROM gateway WHERE gateway.id > $1 ORDER BY gateway.id LIMIT $2",
                  part.after, part.limit + 1);
        return page_of<gateway_record>(rows, part.limit, gateway_of);
    });
}

boost::asio::awaitable<std::optional<gateway_record>> gateways::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_gateway(tx, id);
    });
}

boost::asio::awaitable<std::optional<gateway_record>> gateways::by_name(std::string name) {
    return run(db_, [name = std::move(name)](pqxx::connection& c) -> std::optional<gateway_record> {
        pqxx::work tx{c};
        const auto rows = query(tx, "SELECT " + gateway_columns + " FROM gateway WHERE name = $1", name);
        if (rows.empty()) return std::nullopt;
        return gateway_of(rows[0]);
    });
}

boost::asio::awaitable<gateways::changed> gateways::create(gateway_change terms, actor by, keep<gateway_record> kept) {
    return run(db_, [=, box = box_](pqxx::connection& c) {
        return told<gateway_record>([&]() -> changed {
            if (auto bad = wrong_settings(terms, {}, box))
                return std::unexpected{refusal::invalid("settings", std::move(*bad))};
            once<gateway_record> work{c, kept};
            auto& tx = work.tx;
            const auto id = store::get<std::int64_t>(
                query(tx,
                      "INSERT INTO gateway (name, kind, queue_id, settings, from_name, from_address, enabled) "
                      "VALUES ($1, $2, $3, COALESCE($4::jsonb, '{}'), COALESCE($5, ''), COALESCE($6, ''), "
                      "COALESCE($7, true)) RETURNING id",
                      terms.name, terms.kind, terms.queue_id, terms.settings, terms.from_name, terms.from_address,
                      terms.enabled)[0][0]);
            write_secrets(tx, box, id, terms);
            auto made = read_gateway(tx, id).value();
            config_changed(tx, "gateway", id, by);
            work.commit(made);
            return made;
        });
    });
}

boost::asio::awaitable<gateways::changed> gateways::change(std::int64_t id, gateway_change terms,
                                                           std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=, box = box_](pqxx::connection& c) {
        return told<gateway_record>([&]() -> changed {
            pqxx::work tx{c};
            query(tx, "SELECT FROM gateway WHERE id = $1 FOR NO KEY UPDATE",
                  id); // first, so that its secrets are of now, too
            if (terms.settings && box.has_key()) seal_gateway(tx, box, id);
            auto before = read_gateway(tx, id);
            if (!before) return std::unexpected{refusal::missing()};
            if (expected_version && *expected_version != before->version) return std::unexpected{refusal::stale()};
            if (auto bad = wrong_settings(terms, *before, box))
                return std::unexpected{refusal::invalid("settings", std::move(*bad))};
            write_secrets(tx, box, id, terms);
            auto after = gateway_of(query(
                tx,
                "UPDATE gateway SET name = COALESCE($2, name), queue_id = COALESCE($3, queue_id), "
                "settings = COALESCE($4::jsonb, settings), from_name = COALESCE($5, from_name), "
                "from_address = COALESCE($6, from_address), enabled = COALESCE($7, enabled), "
                "version = version + 1 WHERE id = $1 RETURNING " +
                    gateway_columns,
                id, terms.name, terms.queue_id, terms.settings, terms.from_name, terms.from_address, terms.enabled)[0]);
            config_changed(tx, "gateway", id, by);
            tx.commit();
            return after;
        });
    });
}

} // namespace switchboard::store
