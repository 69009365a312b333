#include "api/all_routes.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/full_identities.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/customers.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::api {
namespace {

store::customer_change terms_of(const customer_patch& in) {
    store::customer_change out{plain<std::string>(in.name), plain<std::string>(in.language),
                               plain<std::string>(in.timezone), plain<std::string>(in.jurisdiction),
                               plain<std::string>(in.notes)};
    if (in.organization_id) out.organization_id = plain<std::int64_t>(in.organization_id->value);
    return out;
}

/// What decides who serves a customer is to be said by who may change them all.
std::optional<problem> not_for_one_queue(const customer_patch& in, const viewer& who) {
    if (who.granted.reaches_all(permission::customer_edit) || !in.jurisdiction) return std::nullopt;
    problem p{.status = 403, .detail = "jurisdiction is changed by who may change all customers"};
    p.errors.push_back({"jurisdiction", "is changed by who may change all customers"});
    return p;
}

} // namespace

void add_customer_routes(route_table& table) {
    table.get(
        "/api/v1/customers", permission::customer_read,
        "Customers, the newest first; q = words of their names, addresses and numbers. Who may not see all finds those "
        "of the tickets that he sees, and whose whole e-mail address or phone number q is",
        [](call c, query<customer_query> q) -> answer<page<customer>> {
            const auto part = part_of(*q);
            if (!part) co_return std::unexpected{part.error()};
            store::customer_filter only{.q = plain<std::string>(q->q).value_or(""),
                                        .organization_id = plain<std::int64_t>(q->organization_id)};
            only.exactly = intake::full_identities(only.q, *c.with.intake.config());
            co_return co_await c.with.customers.list(c.asker.eyes(), std::move(only), *part);
        });
    table.get("/api/v1/customers/{id}", permission::customer_read,
              "One customer; who may not see all sees those of the tickets that he sees",
              [](call c) -> answer<customer> {
                  co_return found_or_404(co_await c.with.customers.get(c.id(), c.asker.eyes()));
              });
    table.patch("/api/v1/customers/{id}", permission::customer_edit,
                "Change what is known of a customer; the jurisdiction: who may change all",
                [](call c, body<customer_patch> in, if_match at) -> answer<customer> {
                    if (auto wrong = not_for_one_queue(*in, c.asker.eyes()))
                        co_return std::unexpected{std::move(*wrong)};
                    auto terms = terms_of(*in);
                    if (terms.timezone && !terms.timezone->empty() && !is_timezone(*terms.timezone))
                        co_return std::unexpected{invalid_field("timezone", "must be an IANA name like Europe/Berlin")};
                    auto done = co_await c.with.customers.change(c.id(), c.asker.eyes(), std::move(terms), at.version,
                                                                 c.asker.user_id);
                    co_return co_await settle_change(std::move(done),
                                                     [&] { return c.with.customers.get(c.id(), c.asker.eyes()); });
                });
    table.get("/api/v1/customers/{id}/tickets", permission::customer_read,
              "A customer's tickets that the asker may see, the newest first, and how many others there are",
              [](call c, query<customer_tickets_query> q) -> answer<customer_tickets> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  auto found = co_await c.with.customers.tickets(c.id(), c.asker.eyes(),
                                                                 plain<std::string>(q->state).value_or(""), *part);
                  co_return found_or_404(std::move(found));
              });
}

} // namespace switchboard::api
