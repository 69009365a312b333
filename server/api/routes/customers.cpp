#include "api/tables.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/customers.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::api {
namespace {

store::customer_change terms_of(const customer_patch& in) {
    return {plain<std::string>(in.name), plain<std::string>(in.language), plain<std::string>(in.timezone),
            plain<std::string>(in.jurisdiction), plain<std::string>(in.notes)};
}

} // namespace

void add_customer_routes(routes& table, const services& s) {
    table.get("/api/v1/customers", who::agent,
              "Customers, the newest first; q = part of a name, or how an identity begins",
              [&s](call, query<customer_query> q) -> answer<page<customer>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await s.customers->list(plain<std::string>(q->q).value_or(""), *part);
              });
    table.get("/api/v1/customers/{id}", who::agent, "One customer",
              [&s](call c) -> answer<customer> { co_return found_or_404(co_await s.customers->get(c.id())); });
    table.patch("/api/v1/customers/{id}", who::agent, "Change what is known of a customer",
                [&s](call c, body<customer_patch> in) -> answer<customer> {
                    auto terms = terms_of(*in);
                    if (terms.timezone && !terms.timezone->empty() && !is_timezone(*terms.timezone))
                        co_return std::unexpected{invalid_field("timezone", "must be an IANA name like Europe/Berlin")};
                    co_return settle(
                        co_await s.customers->change(c.id(), std::move(terms), c.expected_version(), c.asker.user_id));
                });
    table.get("/api/v1/customers/{id}/tickets", who::agent,
              "A customer's tickets that the asker may see, the newest first",
              [&s](call c, query<customer_tickets_query> q) -> answer<page<ticket_summary>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await s.customers->tickets(c.id(), c.asker.eyes(),
                                                          plain<std::string>(q->state).value_or(""), *part);
              });
}

} // namespace switchboard::api
