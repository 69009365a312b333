#include "api/wire/customer_records.hpp"
#include "api/all_routes.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/full_identities.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/customer_moves.hpp>
#include <switchboard/store/customers.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

#include <algorithm>

/// Customers by hand: made, known by more addresses, merged and split.
namespace switchboard::api {
namespace {

result<party> party_of(const call& c, const identity_in& in, const std::string& field) {
    auto out = intake::written_identity(in.kind.value, in.value.value, *c.with.intake.config());
    if (!out) return std::unexpected{invalid_field(field, out.error())};
    return std::move(*out);
}

result<store::new_customer> terms_of(const call& c, const customer_create& in) {
    store::new_customer out{in.name.value,
                            plain<std::string>(in.language).value_or(""),
                            plain<std::string>(in.timezone).value_or(""),
                            plain<std::string>(in.notes).value_or(""),
                            {},
                            plain<std::int64_t>(in.organization_id)};
    if (!out.timezone.empty() && !is_timezone(out.timezone))
        return std::unexpected{invalid_field("timezone", "must be an IANA name like Europe/Berlin")};
    if (!in.identities) return out;
    for (std::size_t i = 0; i < in.identities->items.size(); ++i) {
        auto one = party_of(c, in.identities->items[i], fmt::format("identities[{}].value", i));
        if (!one) return std::unexpected{std::move(one.error())};
        const auto same = [&](const party& p) { return p.kind == one->kind && p.value == one->value; };
        if (std::ranges::any_of(out.identities, same))
            return std::unexpected{invalid_field(fmt::format("identities[{}].value", i), "stands here twice")};
        out.identities.push_back(std::move(*one));
    }
    return out;
}

template <class T>
store::customer_split split_of(const T& in) {
    store::customer_split out{{}, plain<std::string>(in.name).value_or("")};
    for (const auto& i : in.identities.items) out.identities.push_back({i.kind.value, i.value.value});
    return out;
}

void add_by_hand(route_table& table) {
    table.post("/api/v1/customers", permission::customer_edit, "Note down somebody who was not known",
               [](call c, body<customer_create> in) -> answer<created<customer>> {
                   auto terms = terms_of(c, *in);
                   if (!terms) co_return std::unexpected{std::move(terms.error())};
                   co_return settle_created(
                       co_await c.with.customers.create(c.asker.eyes(), std::move(*terms), keep<customer>(c, 201)));
               });
    table.post("/api/v1/customers/{id}/identities", permission::customer_edit,
               "The customer is known by this address, too", [](call c, body<identity_in> in) -> answer<customer> {
                   auto added = party_of(c, *in, "value");
                   if (!added) co_return std::unexpected{std::move(added.error())};
                   co_return settle(co_await c.with.customers.add_identity(c.id(), c.asker.eyes(), std::move(*added),
                                                                           keep<customer>(c, 200)));
               });
    table.post("/api/v1/customers/{id}/identities/confirm", permission::customer_edit,
               "The address was made sure to be the customer's",
               [](call c, body<identity_confirm> in) -> answer<customer> {
                   auto how = in->how.value;
                   if (in->words && !in->words->value.empty()) how += ": " + in->words->value;
                   party confirmed{.kind = in->kind.value, .value = in->value.value, .name = {}};
                   co_return settle(co_await c.with.customers.confirm_identity(
                       c.id(), c.asker.eyes(), std::move(confirmed), std::move(how), keep<customer>(c, 200)));
               });
    table.remove("/api/v1/customers/{id}/identities/{kind}/{value}", permission::customer_merge,
                 "The address is not the customer's: whoever writes from it is somebody new",
                 [](call c) -> answer<customer> {
                     co_return settle(
                         co_await c.with.customers.remove_identity(c.id(), c.asker.eyes(), c.values[1], c.values[2]));
                 });
}

} // namespace

void add_customer_record_routes(route_table& table) {
    add_by_hand(table);
    table.get("/api/v1/customers/{id}/duplicates", permission::customer_read,
              "Who may be the same person; nothing is merged by itself", [](call c) -> answer<possible_duplicates> {
                  auto found = co_await c.with.customer_moves.duplicates(c.id(), c.asker.eyes());
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such customer"}};
                  co_return possible_duplicates{std::move(*found)};
              });
    table.get("/api/v1/customers/{id}/moves", permission::customer_read,
              "The merges and splits of a customer, the newest first",
              [](call c, query<customer_moves_query> q) -> answer<page<customer_move>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return found_or_404(co_await c.with.customer_moves.list(c.id(), c.asker.eyes(), *part));
              });
    table
        .post("/api/v1/customers/{id}/merge/preview", permission::customer_merge,
              "What would become of it if another customer became part of this one",
              [](call c, body<customer_merge_preview> in) -> answer<customer_move_preview> {
                  co_return settle(
                      co_await c.with.customer_moves.preview_merge(c.id(), in->customer_id, c.asker.eyes()));
              })
        .harmless();
    table.post("/api/v1/customers/{id}/merge", permission::customer_merge,
               "Another customer becomes part of this one; can be undone for 30 days",
               [](call c, body<customer_merge> in) -> answer<customer> {
                   co_return settle(co_await c.with.customer_moves.merge(c.id(), in->customer_id, c.asker.eyes(),
                                                                         in->reason.value, keep<customer>(c, 200)));
               });
    table
        .post("/api/v1/customers/{id}/split/preview", permission::customer_merge,
              "What would become of it if some addresses were somebody else's",
              [](call c, body<customer_split_preview> in) -> answer<customer_move_preview> {
                  co_return settle(co_await c.with.customer_moves.preview_split(c.id(), split_of(*in), c.asker.eyes()));
              })
        .harmless();
    table.post("/api/v1/customers/{id}/split", permission::customer_merge,
               "Some addresses are somebody else's: the new customer; can be undone for 30 days",
               [](call c, body<customer_split> in) -> answer<created<customer>> {
                   co_return settle_created(co_await c.with.customer_moves.split(
                       c.id(), split_of(*in), c.asker.eyes(), in->reason.value, keep<customer>(c, 201)));
               });
    table.post("/api/v1/customers/{id}/moves/{n}/undo", permission::customer_merge,
               "Undo a merge or a split: what moved goes back, and what came from there since",
               [](call c, body<customer_move_undo> in) -> answer<customer> {
                   co_return settle(co_await c.with.customer_moves.undo(c.id(), c.id(1), c.asker.eyes(),
                                                                        plain<std::string>(in->reason).value_or(""),
                                                                        keep<customer>(c, 200)));
               });
}

} // namespace switchboard::api
