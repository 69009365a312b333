#include <switchboard/store/customers.hpp>

#include "store/customer_rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <fmt/format.h>

namespace switchboard::store {
namespace {

/// Whose the address is that was to be somebody else's, if the viewer may know.
refusal taken(pqxx::transaction_base& tx, const party& p, const viewer& who, const std::string& field) {
    const auto rows =
        query(tx, "SELECT customer_id FROM customer_identity WHERE kind = $1 AND value = $2", p.kind, p.value);
    if (!rows.empty())
        if (const auto whose = read_customer(tx, get<std::int64_t>(rows.front()["customer_id"]), who))
            return refusal::conflict(
                fmt::format("{} is known of customer {} already{}{}: merge the two if they are one person", p.value,
                            whose->id, whose->name.empty() ? "" : ", ", whose->name),
                field);
    return refusal::conflict(p.value + " is known of another customer already", field);
}

/// False: somebody has it.
bool insert_identity(pqxx::transaction_base& tx, std::int64_t customer, const party& p) {
    return query(tx, R"(
        INSERT INTO customer_identity (kind, value, customer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)",
                 p.kind, p.value, customer)
               .affected_rows() == 1;
}

/// The customer with what has just changed in the addresses.
customer told_and_read(pqxx::transaction_base& tx, std::int64_t id, const viewer& who) {
    const auto version = value_of<std::int64_t>(
        query(tx, "UPDATE customer SET version = version + 1 WHERE id = $1 RETURNING version", id));
    tell_customer_changed(tx, id, version, {"identities"}, actor_of(who));
    return *read_customer(tx, id, everything);
}

bool has(const customer& c, const std::string& kind, const std::string& value) {
    return std::ranges::any_of(c.identities, [&](const identity& i) { return i.kind == kind && i.value == value; });
}

} // namespace

boost::asio::awaitable<customers::changed> customers::create(viewer who, new_customer terms, keep<customer> kept) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        once<customer> work{c, kept};
        if (auto wrong = no_such_organization(work.tx, terms.organization_id))
            return std::unexpected{std::move(*wrong)};
        const auto id = value_of<std::int64_t>(query(work.tx, R"(
            INSERT INTO customer (name, language, timezone, notes, created_by, organization_id)
            VALUES ($1, $2, $3, $4, $5, $6)
            RETURNING id)",
                                                     terms.name, terms.language, terms.timezone, terms.notes,
                                                     actor_of(who), terms.organization_id));
        for (std::size_t i = 0; i < terms.identities.size(); ++i)
            if (!insert_identity(work.tx, id, terms.identities[i]))
                return std::unexpected{
                    taken(work.tx, terms.identities[i], who, fmt::format("identities[{}].value", i))};
        tell_customer_changed(work.tx, id, 1, {"name", "identities"}, actor_of(who));
        auto done = *read_customer(work.tx, id, everything);
        work.commit(done);
        return done;
    });
}

boost::asio::awaitable<customers::changed> customers::add_identity(std::int64_t id, viewer who, party added,
                                                                   keep<customer> kept) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        once<customer> work{c, kept};
        auto one = customer_to_change(work.tx, id, who);
        if (!one) return std::unexpected{std::move(one.error())};
        if (!has(*one, added.kind, added.value)) {
            if (!insert_identity(work.tx, one->id, added)) return std::unexpected{taken(work.tx, added, who, "value")};
            one = told_and_read(work.tx, one->id, who);
        }
        work.commit(*one);
        return std::move(*one);
    });
}

boost::asio::awaitable<customers::changed> customers::confirm_identity(std::int64_t id, viewer who, party confirmed,
                                                                       std::string how, keep<customer> kept) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        once<customer> work{c, kept};
        const auto one = customer_to_change(work.tx, id, who);
        if (!one) return std::unexpected{one.error()};
        const auto rows = query(work.tx, R"(
            UPDATE customer_identity
            SET verification = 'confirmed', confirmed_how = $4, confirmed_by = $5, confirmed_at = now()
            WHERE customer_id = $1 AND kind = $2 AND value = $3)",
                                one->id, confirmed.kind, confirmed.value, how, actor_of(who));
        if (rows.affected_rows() == 0)
            return std::unexpected{refusal::invalid("value", "is no address of this customer")};
        auto done = told_and_read(work.tx, one->id, who);
        work.commit(done);
        return done;
    });
}

boost::asio::awaitable<customers::changed> customers::remove_identity(std::int64_t id, viewer who, std::string kind,
                                                                      std::string value) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        pqxx::work tx{c};
        const auto one = customer_to_change(tx, id, who);
        if (!one) return std::unexpected{one.error()};
        if (!has(*one, kind, value))
            return std::unexpected{refusal::missing("there is no such address of this customer")};
        query(tx, "DELETE FROM customer_identity WHERE customer_id = $1 AND kind = $2 AND value = $3", one->id, kind,
              value);
        auto done = told_and_read(tx, one->id, who);
        tx.commit();
        return done;
    });
}

} // namespace switchboard::store
