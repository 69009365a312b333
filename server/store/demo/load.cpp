#include <switchboard/store/demo.hpp>

#include <switchboard/util/json.hpp>

#include "store/demo/parts.hpp"
#include "store/event_rows.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {

using nlohmann::json;

bool load_demo(const std::string& url, const demo_source& source) {
    const auto connection = connect(url, {.application_name = "switchboard demo"});
    try {
        pqxx::work tx{*connection};
        tx.exec("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"); // two nodes may start at once
        if (!tx.exec("SELECT FROM users LIMIT 1").empty()) return false;
        const auto made = demo::write_center(tx, own_json(source.center), source.password_hash);
        demo::write_history(tx, made, own_json(source.history), source.fax);
        query(tx, "INSERT INTO setting (key, value) VALUES ('demo', 'loaded')");
        // A server that is running already takes it as a change of everything.
        append_event(tx, events::config_changed{"demo", std::nullopt}, {});
        tx.commit();
        return true;
    } catch (const pqxx::broken_connection& e) {
        throw unavailable{e.what()};
    }
}

bool demo_present(const std::string& url) {
    const auto connection = connect(url, {.application_name = "switchboard demo"});
    pqxx::nontransaction session{*connection};
    return !session.exec("SELECT FROM setting WHERE key = 'demo'").empty();
}

} // namespace switchboard::store
