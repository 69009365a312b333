#include <switchboard/store/customer_moves.hpp>

#include "store/customer_move_rows.hpp"
#include "store/customer_rows.hpp"
#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace switchboard::store {
namespace {

struct text_field {
    const char* name;
    std::string customer::* in;
};
constexpr std::array fields{text_field{"name", &customer::name}, text_field{"language", &customer::language},
                            text_field{"timezone", &customer::timezone},
                            text_field{"jurisdiction", &customer::jurisdiction}, text_field{"notes", &customer::notes}};

constexpr auto organization = "organization"; // is no text of the customer's own

/// What is known of who goes and not of who stays, and what is known of both and differs.
void compare(const customer& stays, const customer& goes, customer_move_preview& into) {
    for (const auto& [name, in] : fields) {
        const auto& text = goes.*in;
        if (text.empty() || text == stays.*in) continue;
        ((stays.*in).empty() ? into.fills : into.gives_up).push_back({name, text});
    }
    if (goes.organization && (!stays.organization || stays.organization->id != goes.organization->id))
        (stays.organization ? into.gives_up : into.fills).push_back({organization, goes.organization->name});
}

std::vector<address_key> keys_of(const customer& c) {
    std::vector<address_key> out;
    for (const auto& i : c.identities) out.push_back({i.kind, i.value});
    return out;
}

/// All of the customer's, or only these.
void count_tickets(pqxx::transaction_base& tx, std::int64_t customer,
                   const std::optional<std::vector<std::int64_t>>& only, customer_move_preview& into) {
    std::optional<std::string> ids;
    if (only) ids = array_literal(*only);
    const auto row = query(tx, R"(
        SELECT count(*) FILTER (WHERE solved_at IS NULL) AS open, count(*) FILTER (WHERE solved_at IS NOT NULL) AS solved
        FROM ticket WHERE customer_id = $1 AND ($2::bigint[] IS NULL OR id = ANY($2::bigint[])))",
                           customer, ids)
                         .front();
    into.open_tickets = get<std::int64_t>(row["open"]);
    into.solved_tickets = get<std::int64_t>(row["solved"]);
}

struct both {
    customer stays, goes;
};

/// Both may be seen and are two.
std::expected<both, refusal> two_customers(pqxx::transaction_base& tx, std::int64_t stays, std::int64_t goes,
                                           const viewer& who) {
    auto one = read_customer(tx, stays, who);
    if (!one) return std::unexpected{refusal::missing()};
    auto other = read_customer(tx, goes, who);
    if (!other) return std::unexpected{refusal::invalid("customer_id", "is nobody")};
    if (one->id == other->id) return std::unexpected{refusal::conflict("is this customer already", "customer_id")};
    return both{std::move(*one), std::move(*other)};
}

bool has(const std::vector<address_key>& all, const address_key& one) {
    return std::ranges::find(all, one) != all.end();
}

/// Whether all are this customer's, and something is left.
std::optional<refusal> judge_split(const customer& from, const customer_split& wanted) {
    if (wanted.identities.empty()) return refusal::invalid("identities", "must name at least one");
    const auto own = keys_of(from);
    for (std::size_t i = 0; i < wanted.identities.size(); ++i)
        if (!has(own, wanted.identities[i]))
            return refusal::invalid(fmt::format("identities[{}]", i), "is no address of this customer");
    const bool leaves = std::ranges::any_of(own, [&](const address_key& k) { return !has(wanted.identities, k); });
    if (leaves) return std::nullopt;
    return refusal::invalid("identities", "are all that this customer has: change the name instead");
}

/// Both have changed; whoever shows one asks again.
void tell_both(pqxx::transaction_base& tx, std::int64_t one, std::int64_t other, std::optional<std::int64_t> by) {
    const auto rows = query(tx, R"(
        UPDATE customer SET version = version + 1 WHERE id = ANY($1::bigint[]) RETURNING id, version)",
                            array_literal(std::vector{one, other}));
    for (const auto& r : rows)
        tell_customer_changed(tx, get<std::int64_t>(r["id"]), get<std::int64_t>(r["version"]), {"identities"}, by);
}

/// What was filled in is taken out again where nobody has changed it since.
void empty_again(pqxx::transaction_base& tx, std::int64_t move, std::int64_t customer) {
    for (const auto& [name, in] : fields)
        query(tx,
              fmt::format(R"(
            UPDATE customer c SET {0} = '' FROM customer_move m
            WHERE m.id = $1 AND c.id = $2 AND c.{0} = m.filled->>'{0}')",
                          name),
              move, customer);
    query(tx, R"(
        UPDATE customer c SET organization_id = NULL FROM customer_move m JOIN customer f ON f.id = m.from_id
        WHERE m.id = $1 AND c.id = $2 AND m.filled ? 'organization' AND c.organization_id = f.organization_id)",
          move, customer);
}

/// A deadlock with intake or with somebody's reply ends one of the two: it is done again.
template <class F>
auto again_if_in_the_way(F work) {
    return [work = std::move(work)](pqxx::connection& c) {
        for (int left = 3;; --left) {
            try {
                return work(c);
            } catch (const pqxx::transaction_rollback&) {
                if (left == 0) throw;
            }
        }
    };
}

} // namespace

customer_moves::answer<customer_move_preview> customer_moves::preview_merge(std::int64_t stays, std::int64_t goes,
                                                                            viewer who) {
    return run(db_, [=](pqxx::connection& c) -> std::expected<customer_move_preview, refusal> {
        pqxx::work tx{c};
        const auto two = two_customers(tx, stays, goes, who);
        if (!two) return std::unexpected{two.error()};
        customer_move_preview out{two->goes.name, two->stays.name, keys_of(two->goes), 0, 0, {}, {}};
        count_tickets(tx, two->goes.id, std::nullopt, out);
        compare(two->stays, two->goes, out);
        return out;
    });
}

customer_moves::answer<customer> customer_moves::merge(std::int64_t stays, std::int64_t goes, viewer who,
                                                       std::string reason, keep<customer> kept) {
    return run(db_, again_if_in_the_way([=](pqxx::connection& c) -> std::expected<customer, refusal> {
                   once<customer> work{c, kept};
                   auto& tx = work.tx;
                   const auto two = two_customers(tx, stays, goes, who);
                   if (!two) return std::unexpected{two.error()};
                   const auto [to, from] = std::pair{two->stays.id, two->goes.id};
                   if (hold_customers(tx, {to, from}) != 2)
                       return std::unexpected{refusal::conflict("somebody has just merged one of them")};
                   customer_move_preview known;
                   compare(two->stays, two->goes, known);
                   const auto what = hold_all(tx, from);
                   move_belongings(tx, what, from, to, "two records of the customer became one", actor_of(who));
                   for (const auto& [field, value] : known.fills)
                       if (field != organization)
                           query(tx, fmt::format("UPDATE customer SET {0} = $2 WHERE id = $1 AND {0} = ''", field), to,
                                 value);
                   query(tx, R"(
                       UPDATE customer SET organization_id = (SELECT organization_id FROM customer WHERE id = $2)
                       WHERE id = $1 AND organization_id IS NULL)",
                         to, from);
                   query(tx, "UPDATE customer SET merged_into = $2 WHERE id = $1", from, to);
                   note_move(tx, customer_move_kind::merge, from, to, what, known.fills, reason, actor_of(who));
                   tell_both(tx, to, from, actor_of(who));
                   auto done = *read_customer(tx, to, everything);
                   work.commit(done);
                   return done;
               }));
}

customer_moves::answer<customer_move_preview> customer_moves::preview_split(std::int64_t from, customer_split wanted,
                                                                            viewer who) {
    return run(db_, [=](pqxx::connection& c) -> std::expected<customer_move_preview, refusal> {
        pqxx::work tx{c};
        const auto one = read_customer(tx, from, who);
        if (!one) return std::unexpected{refusal::missing()};
        if (auto no = judge_split(*one, wanted)) return std::unexpected{std::move(*no)};
        customer_move_preview out{one->name, wanted.name, wanted.identities, 0, 0, {}, {}};
        count_tickets(tx, one->id, only_from(tx, one->id, wanted.identities), out);
        return out;
    });
}

customer_moves::answer<customer> customer_moves::split(std::int64_t from, customer_split wanted, viewer who,
                                                       std::string reason, keep<customer> kept) {
    return run(db_, again_if_in_the_way([=](pqxx::connection& c) -> std::expected<customer, refusal> {
                   once<customer> work{c, kept};
                   auto& tx = work.tx;
                   auto one = read_customer(tx, from, who);
                   if (!one) return std::unexpected{refusal::missing()};
                   hold_all(tx, one->id);
                   one = read_customer(tx, one->id, everything);
                   if (auto no = judge_split(*one, wanted)) return std::unexpected{std::move(*no)};
                   const belongings what{wanted.identities, only_from(tx, one->id, wanted.identities),
                                         objects_told_by(tx, one->id, wanted.identities)};
                   const auto to = value_of<std::int64_t>(
                       query(tx, "INSERT INTO customer (name, created_by) VALUES ($1, $2) RETURNING id", wanted.name,
                             actor_of(who)));
                   move_belongings(tx, what, one->id, to, "the customer's records were split", actor_of(who));
                   note_move(tx, customer_move_kind::split, one->id, to, what, {}, reason, actor_of(who));
                   tell_both(tx, one->id, to, actor_of(who));
                   auto done = *read_customer(tx, to, everything);
                   work.commit(done);
                   return done;
               }));
}

customer_moves::answer<customer> customer_moves::undo(std::int64_t of, std::int64_t move_id, viewer who,
                                                      std::string reason, keep<customer> kept) {
    return run(db_, again_if_in_the_way([=](pqxx::connection& c) -> std::expected<customer, refusal> {
                   once<customer> work{c, kept};
                   auto& tx = work.tx;
                   if (!read_customer(tx, of, who)) return std::unexpected{refusal::missing()};
                   const auto rows = query(tx, move_select + R"(
                       WHERE m.id = $1 AND (m.from_id IN ($2, current_customer($2)) OR
                                            m.to_id IN ($2, current_customer($2))) FOR UPDATE OF m)",
                                           move_id, of);
                   if (rows.empty())
                       return std::unexpected{refusal::missing("there is no such merge or split of this customer")};
                   const auto was = move_of(rows.front());
                   const auto refuse = [](const char* why) { return std::unexpected{refusal::conflict(why)}; };
                   if (was.undone_at) return refuse("is undone already");
                   const bool is_merge = was.kind == name_of(customer_move_kind::merge);
                   if (value_of<bool>(query(tx, "SELECT $1::timestamptz <= now()", was.undo_until)))
                       return refuse("is too long ago to be undone");
                   // Of a merge one has become part of the other.
                   if (hold_customers(tx, {was.from.id, was.to.id}) != (is_merge ? 1 : 2))
                       return refuse("they were merged again since: undo that first");
                   auto back = hold_all(tx, was.to.id); // of a split all that it has by now: it goes
                   if (is_merge) back = to_take_back(tx, was.id, was.to.id);
                   move_belongings(tx, back, was.to.id, was.from.id,
                                   "what was done to the customer's records was undone", actor_of(who));
                   if (is_merge) empty_again(tx, was.id, was.to.id);
                   const auto goes = is_merge ? was.from.id : was.to.id;
                   std::optional<std::int64_t> into;
                   if (!is_merge) into = was.from.id;
                   query(tx, "UPDATE customer SET merged_into = $2 WHERE id = $1", goes, into);
                   query(tx,
                         "UPDATE customer_move SET undone_at = now(), undone_by = $2, undo_reason = $3 WHERE id = $1",
                         was.id, actor_of(who), reason);
                   tell_both(tx, was.from.id, was.to.id, actor_of(who));
                   auto done = *read_customer(tx, was.from.id, everything);
                   work.commit(done);
                   return done;
               }));
}

boost::asio::awaitable<std::optional<page<customer_move>>> customer_moves::list(std::int64_t of, viewer who,
                                                                                page_request part) {
    return run(db_, [=](pqxx::connection& c) -> std::optional<page<customer_move>> {
        pqxx::work tx{c};
        const auto one = read_customer(tx, of, who);
        if (!one) return std::nullopt;
        const auto rows = query(tx, move_select + R"(
            WHERE m.id IN (SELECT id FROM customer_move WHERE from_id = $1 UNION
                           SELECT id FROM customer_move WHERE to_id = $1) AND m.id < $2
            ORDER BY m.id DESC LIMIT $3)",
                                one->id, part.after == 0 ? INT64_MAX : part.after, part.limit + 1);
        return page_of<customer_move>(rows, part.limit, move_of);
    });
}

boost::asio::awaitable<std::optional<std::vector<possible_duplicate>>> customer_moves::duplicates(std::int64_t of,
                                                                                                  viewer who) {
    return run_search(db_, [=](pqxx::connection& c) -> std::optional<std::vector<possible_duplicate>> {
        pqxx::work tx{c};
        const auto one = read_customer(tx, of, who);
        if (!one) return std::nullopt;
        std::vector<std::string> numbers;
        for (const auto& i : one->identities)
            if (i.value.starts_with('+')) numbers.push_back(i.value);
        // One word is half the country's name.
        const auto name = one->name.contains(' ') ? like_whole(one->name) : std::string{};
        static const auto find = fmt::format(R"(
            WITH alike AS (
                SELECT i.customer_id AS id, 'has the same number: ' || i.value AS why, 1 AS rank
                FROM customer_identity i
                WHERE i.value = ANY($4::text[]) AND i.kind IN ('tel', 'fax', 'whatsapp', 'sms')
                UNION ALL
                SELECT id, 'has the same name', 2 FROM customer WHERE $5 <> '' AND name ILIKE $5)
            SELECT c.id, c.name, string_agg(DISTINCT a.why, '; ') AS why
            FROM alike a JOIN customer c ON c.id = a.id
            WHERE c.id <> $3 AND c.merged_into IS NULL AND {}
            GROUP BY c.id, c.name ORDER BY min(a.rank), c.id LIMIT 20)",
                                             customer_is_visible);
        std::vector<possible_duplicate> out;
        for (const auto& r : query(tx, find, sight_of(who, permission::customer_read), who.user_id, one->id,
                                   array_literal(numbers), name))
            out.push_back({{get<std::int64_t>(r["id"]), get<std::string>(r["name"])}, {get<std::string>(r["why"])}});
        return out;
    });
}

} // namespace switchboard::store
