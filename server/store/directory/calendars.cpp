#include <switchboard/store/calendars.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/promises.hpp"
#include "store/run.hpp"

namespace switchboard::store {
namespace {

const std::string calendar_columns = "id, name, timezone, hours, special_days, version";

std::optional<calendar> read_calendar(pqxx::transaction_base& tx, std::int64_t id, const char* lock = "") {
    const auto rows = query(tx, "SELECT " + calendar_columns + " FROM calendar WHERE id = $1" + lock, id);
    if (rows.empty()) return std::nullopt;
    return calendar_of(rows[0]);
}

std::vector<named> agents_of(pqxx::transaction_base& tx, std::int64_t id) {
    std::vector<named> out;
    for (const auto& r : query(tx,
                               "SELECT u.id, u.name FROM agent_hours h JOIN users u ON u.id = h.agent_id WHERE "
                               "h.calendar_id = $1 ORDER BY u.name, u.id",
                               id))
        out.push_back({get<std::int64_t>(r[0]), get<std::string>(r[1])});
    return out;
}

calendar with_terms(calendar c, const calendar_change& terms) {
    if (terms.name) c.name = *terms.name;
    if (terms.timezone) c.timezone = *terms.timezone;
    if (terms.hours) c.hours = *terms.hours;
    if (terms.special_days) c.special_days = *terms.special_days;
    return c;
}

std::optional<service::calendar_fault> fault_of(const calendar& c) {
    const auto read_calendar = service::business_hours::read(c);
    return read_calendar ? std::nullopt : std::optional{read_calendar.error()};
}

} // namespace

boost::asio::awaitable<page<calendar>> calendars::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, "SELECT " + calendar_columns + " FROM calendar WHERE id > $1 ORDER BY id LIMIT $2",
                                part.after, part.limit + 1);
        return page_of<calendar>(rows, part.limit, calendar_of);
    });
}

boost::asio::awaitable<std::optional<calendar>> calendars::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_calendar(tx, id);
    });
}

boost::asio::awaitable<calendars::changed> calendars::create(calendar_change terms, actor by, keep<calendar> kept) {
    return run(db_, [=](pqxx::connection& c) {
        return told<calendar>([&]() -> changed {
            once<calendar> work{c, kept};
            auto& tx = work.tx;
            const auto wanted = with_terms({}, terms);
            if (auto bad = fault_of(wanted)) return wrong<calendar>(std::move(bad->field), std::move(bad->message));
            if (auto refused = look_alike<calendar>(tx, "calendar", terms.name))
                return std::unexpected{std::move(*refused)};
            auto made = calendar_of(query(tx,
                                          "INSERT INTO calendar (name, timezone, hours, special_days) VALUES ($1, $2, "
                                          "$3, $4) RETURNING " +
                                              calendar_columns,
                                          wanted.name, wanted.timezone, to_json(wanted.hours),
                                          to_json(wanted.special_days))[0]);
            config_changed(tx, "calendar", made.id, by);
            work.commit(made);
            return made;
        });
    });
}

boost::asio::awaitable<calendars::changed> calendars::change(std::int64_t id, calendar_change terms,
                                                             std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) {
        return told<calendar>([&]() -> changed {
            pqxx::work tx{c};
            auto before = read_calendar(tx, id, " FOR NO KEY UPDATE");
            if (!before) return missing<calendar>();
            if (expected_version && *expected_version != before->version) return stale(std::move(*before));
            const auto wanted = with_terms(std::move(*before), terms);
            if (auto bad = fault_of(wanted)) return wrong<calendar>(std::move(bad->field), std::move(bad->message));
            if (auto refused = look_alike<calendar>(tx, "calendar", terms.name, id))
                return std::unexpected{std::move(*refused)};
            auto after = calendar_of(query(tx,
                                           "UPDATE calendar SET name = $2, timezone = $3, hours = $4, special_days = "
                                           "$5, version = version + 1 WHERE id = $1 RETURNING " +
                                               calendar_columns,
                                           id, wanted.name, wanted.timezone, to_json(wanted.hours),
                                           to_json(wanted.special_days))[0]);
            config_changed(tx, "calendar", id, by);
            tx.commit();
            return after;
        });
    });
}

boost::asio::awaitable<std::optional<std::vector<named>>> calendars::agents(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) -> std::optional<std::vector<named>> {
        pqxx::work tx{c};
        if (!read_calendar(tx, id)) return std::nullopt;
        return agents_of(tx, id);
    });
}

boost::asio::awaitable<calendars::agents_changed> calendars::set_agents(std::int64_t id, std::vector<std::int64_t> all,
                                                                        actor by) {
    using list = std::vector<named>;
    return run(db_, [id, all = std::move(all), by](pqxx::connection& c) {
        return told<list>([&]() -> agents_changed {
            pqxx::work tx{c};
            if (!read_calendar(tx, id, " FOR NO KEY UPDATE")) return missing<list>();
            query(tx,
                  "WITH lost AS (DELETE FROM agent_hours WHERE calendar_id = $1 AND agent_id <> ALL($2::bigint[]) "
                  "RETURNING agent_id), gained AS (INSERT INTO agent_hours AS h (agent_id, calendar_id) SELECT "
                  "DISTINCT unnest($2::bigint[]), $1::bigint ON CONFLICT (agent_id) DO UPDATE SET calendar_id = $1 "
                  "WHERE h.calendar_id <> $1 RETURNING agent_id) UPDATE users SET version = version + 1 WHERE id IN "
                  "(SELECT agent_id FROM lost UNION SELECT agent_id FROM gained)",
                  id, array_literal(all));
            config_changed(tx, "calendar", id, by);
            auto after = agents_of(tx, id);
            tx.commit();
            return after;
        });
    });
}

boost::asio::awaitable<calendars::changed> calendars::remove(std::int64_t id, actor by) {
    return run(db_, [id, by](pqxx::connection& c) { return remove_row<calendar>(c, "calendar", "calendar", id, by); });
}

} // namespace switchboard::store
