#include <switchboard/store/tokens.hpp>

#include "store/directory/rows.hpp"
#include "store/noun_change.hpp"
#include "store/once.hpp"
#include "store/run.hpp"

#include <switchboard/util/time.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::store {
namespace {

std::optional<refusal> judge_token(pqxx::transaction_base&, const datum& wanted) {
    const auto t = from_datum<token>(wanted);
    if (t.gateway_ids && !std::ranges::all_of(t.scopes, [](token_scope s) { return can_be_bound(name_of(s)); }))
        return refusal::invalid("gateway_ids",
                                "binds nothing but the scope intake: leave it out, or leave out the other scopes");
    if (t.expires_at && *t.expires_at <= now()) return refusal::invalid("expires_at", "must lie ahead");
    return std::nullopt;
}

} // namespace

template <>
const noun_table& table_of<token>() {
    static const noun_table made{schema_of<token>(), {.judge = judge_token}};
    return made;
}

boost::asio::awaitable<tokens::changed> tokens::create(patch<token> form, std::string hash, actor by,
                                                       keep<token> kept) {
    return run(db_, [=](pqxx::connection& c) {
        return told<token>([&]() -> changed {
            once<token> work{c, kept};
            audit_notes notes{by};
            const auto row =
                add_noun(work.tx, table_of<token>(), switchboard::get(form.values), notes, {}, {{"token_hash", hash}});
            if (!row) return std::unexpected{row.error()};
            auto made = from_datum<token>(*row);
            work.commit(made);
            notes.tell();
            return made;
        });
    });
}

boost::asio::awaitable<tokens::changed> tokens::revoke(std::int64_t id, giver by) {
    return run(db_, [id, by = std::move(by)](pqxx::connection& c) -> changed {
        pqxx::work tx{c};
        const auto before = find_noun<token>(tx, id);
        if (!before) return std::unexpected{refusal::missing()};
        if (by.may && !may_give(*by.may, grants_of(before->scopes))) // scopes never change
            return std::unexpected{refusal::forbidden("this token may more than your own roles permit")};
        const bool revoked = query(tx, R"(
            UPDATE token
            SET revoked_at = now(), version = version + 1
            WHERE id = $1 AND revoked_at IS NULL)",
                                   id)
                                 .affected_rows() > 0;
        auto now = find_noun<token>(tx, id);
        if (!revoked) return std::move(*now); // a repeat, which changes nothing
        audit_notes notes{by.id};
        set_changed(tx, table_of<token>(), notes, switchboard::get(*now), "revoked_at", nullptr,
                    switchboard::get(now->revoked_at));
        tx.commit();
        notes.tell();
        return std::move(*now);
    });
}

boost::asio::awaitable<std::optional<principal>> tokens::find(std::string hash) {
    return run(db_, [hash = std::move(hash)](pqxx::connection& c) -> std::optional<principal> {
        static const auto text = fmt::format(R"(
            SELECT {}
            FROM token
            WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))",
                                             table_of<token>().columns());
        static const statement find_token{"find_token", text.c_str()};
        pqxx::work tx{c};
        const auto rows = query(tx, find_token, hash);
        if (rows.empty()) return std::nullopt;
        const auto t = from_row<token>(rows[0]);
        principal p;
        p.token_id = t.id;
        p.name = t.name;
        for (const auto scope : t.scopes) p.scopes.emplace_back(name_of(scope));
        if (t.gateway_ids) p.gateway_ids.emplace(t.gateway_ids->begin(), t.gateway_ids->end());
        for (const auto scope : t.scopes)
            if (p.has_scope(name_of(scope))) p.granted.add(grants_of(scope));
        return p;
    });
}

} // namespace switchboard::store
