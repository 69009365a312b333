#include "store/desk_act.hpp"
#include "store/visitor_rows.hpp"

/// What a chat's visitor says of himself becomes known of the customer: somebody here says that it is true.
namespace switchboard::store {

using kind = desk_refusal::kind;

desk::answer<ticket> desk::keep_claim(std::int64_t ticket, viewer who, visitor_claim claim, keep<whole> kept) {
    return change(
        db_, ticket, std::move(who), ticket_action::edit, std::move(kept),
        [claim = std::move(claim)](pqxx::work& tx, const locked_ticket& t,
                                   const viewer& me) -> desk_result<ticket_summary> {
            const auto says = read_visitor(tx, t.id);
            if (!says || (claim.identity.kind == "email" ? says->email : says->phone) != claim.said)
                return refuse(kind::conflict, "the visitor does not say so any more: look again");
            if (!t.customer_id) return refuse(kind::conflict, "this ticket has no customer");
            static constexpr statement of_staff{"address_of_staff", R"(
                SELECT FROM users
                WHERE active AND email <> '' AND lower(email) = $1)"};
            if (claim.identity.kind == "email" && !query(tx, of_staff, claim.identity.value).empty())
                return refuse(kind::conflict, claim.identity.value + " is the address of a colleague");
            static constexpr statement add{"keep_identity", R"(
                INSERT INTO customer_identity (kind, value, customer_id)
                VALUES ($1, $2, $3)
                ON CONFLICT (kind, value) DO UPDATE
                SET kind = excluded.kind
                RETURNING customer_id, xmax = 0 AS is_new)"};
            const auto row = query(tx, add, claim.identity.kind, claim.identity.value, *t.customer_id).front();
            if (get<std::int64_t>(row["customer_id"]) != *t.customer_id)
                return refuse(kind::conflict, claim.identity.value + " is another customer's already");
            if (!get<bool>(row["is_new"])) return read_summary(tx, t.id); // it was known
            static constexpr statement mark{
                "customer_identity_kept", "UPDATE customer SET version = version + 1 WHERE id = $1 RETURNING version"};
            const auto version = value_of<std::int64_t>(query(tx, mark, *t.customer_id));
            append_event(tx, events::customer_changed{*t.customer_id, version, {"identities"}}, {.actor = me.user_id});
            query(tx, "UPDATE ticket SET version = version + 1 WHERE id = $1", t.id);
            return tell_change(tx,
                               {.change = events::ticket_change::identity_kept,
                                .identity = events::kept_identity{claim.identity.kind, claim.identity.value}},
                               me, t);
        });
}

} // namespace switchboard::store
