#include <switchboard/store/labels.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"

namespace switchboard::store {
namespace {

template <class T>
struct noun;
template <>
struct noun<skill> {
    static constexpr auto table = "skill";
};
template <>
struct noun<licence> {
    static constexpr auto table = "licence";
};

template <class T>
std::string named_table() {
    return noun<T>::table;
}

template <class T>
T label_of(const pqxx::row& r) {
    return {get<std::int64_t>(r[0]), get<std::string>(r[1]), get<std::int64_t>(r[2])};
}

template <class T>
std::optional<T> read(pqxx::transaction_base& tx, std::int64_t id, const char* lock = "") {
    const auto rows = query(tx, "SELECT id, name, version FROM " + named_table<T>() + " WHERE id = $1" + lock, id);
    if (rows.empty()) return std::nullopt;
    return label_of<T>(rows[0]);
}

} // namespace

template <class T>
boost::asio::awaitable<page<T>> labels::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows =
            query(tx, "SELECT id, name, version FROM " + named_table<T>() + " WHERE id > $1 ORDER BY id LIMIT $2",
                  part.after, part.limit + 1);
        return page_of<T>(rows, part.limit, label_of<T>);
    });
}

template <class T>
boost::asio::awaitable<std::optional<T>> labels::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read<T>(tx, id);
    });
}

template <class T>
boost::asio::awaitable<labels::changed<T>> labels::create(std::string name, actor by, keep<T> kept) {
    return run(db_, [name = std::move(name), by, kept = std::move(kept)](pqxx::connection& c) {
        return told<T>([&]() -> changed<T> {
            once<T> work{c, kept};
            auto& tx = work.tx;
            if (auto refused = look_alike<T>(tx, named_table<T>(), name)) return std::unexpected{std::move(*refused)};
            auto made = label_of<T>(query(
                tx, "INSERT INTO " + named_table<T>() + " (name) VALUES ($1) RETURNING id, name, version", name)[0]);
            config_changed(tx, noun<T>::table, made.id, by);
            work.commit(made);
            return made;
        });
    });
}

template <class T>
boost::asio::awaitable<labels::changed<T>> labels::rename(std::int64_t id, std::string name,
                                                          std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=, name = std::move(name)](pqxx::connection& c) {
        return told<T>([&]() -> changed<T> {
            pqxx::work tx{c};
            auto before = read<T>(tx, id, " FOR NO KEY UPDATE");
            if (!before) return missing<T>();
            if (expected_version && *expected_version != before->version) return stale(std::move(*before));
            if (auto refused = look_alike<T>(tx, named_table<T>(), name, id))
                return std::unexpected{std::move(*refused)};
            query(tx, "UPDATE " + named_table<T>() + " SET name = $2, version = version + 1 WHERE id = $1", id, name);
            config_changed(tx, noun<T>::table, id, by);
            auto after = read<T>(tx, id);
            tx.commit();
            return std::move(*after);
        });
    });
}

template <class T>
boost::asio::awaitable<labels::changed<T>> labels::remove(std::int64_t id, actor by) {
    return run(db_, [id, by](pqxx::connection& c) -> changed<T> {
        const auto table = named_table<T>();
        {
            // Needs are kept as JSON, where no foreign key guards them.
            pqxx::work tx{c};
            const auto needs = "@> jsonb_build_array(jsonb_build_object('" + table + "_id', $1::bigint))";
            const auto used =
                query(tx,
                      "SELECT 1 WHERE EXISTS (SELECT FROM queue WHERE " + table + "s " + needs +
                          ") OR EXISTS (SELECT FROM rule WHERE actions->'" + table + "s' " + needs +
                          ") OR EXISTS (SELECT FROM ticket WHERE state <> 'solved' AND " + table + "s " + needs + ")",
                      id);
            if (!used.empty()) return std::unexpected{refusal<T>{refusal_reason::conflict, "", "it is in use", {}}};
        }
        return remove_row<T>(c, table, table, id, by);
    });
}

template boost::asio::awaitable<page<skill>> labels::list(page_request);
template boost::asio::awaitable<page<licence>> labels::list(page_request);
template boost::asio::awaitable<std::optional<skill>> labels::get(std::int64_t);
template boost::asio::awaitable<std::optional<licence>> labels::get(std::int64_t);
template boost::asio::awaitable<labels::changed<skill>> labels::create(std::string, actor, keep<skill>);
template boost::asio::awaitable<labels::changed<licence>> labels::create(std::string, actor, keep<licence>);
template boost::asio::awaitable<labels::changed<skill>> labels::rename(std::int64_t, std::string,
                                                                       std::optional<std::int64_t>, actor);
template boost::asio::awaitable<labels::changed<licence>> labels::rename(std::int64_t, std::string,
                                                                         std::optional<std::int64_t>, actor);
template boost::asio::awaitable<labels::changed<skill>> labels::remove(std::int64_t, actor);
template boost::asio::awaitable<labels::changed<licence>> labels::remove(std::int64_t, actor);

} // namespace switchboard::store
